/**
 * The `queue` port: durable work queues.
 *
 * Promises that every adapter keeps (`conformance.ts` tests them):
 * - A message whose publishing was acknowledged is delivered until it is acknowledged itself, or has become a dead
 *   letter; `kill -9` at any moment loses none. Acknowledged means synced to disk, where the engine syncs (`durability`).
 * - At least once: a message whose lease lapses is delivered again. None is delivered after its `ack` was acknowledged.
 * - A full queue refuses with `queue-full`, and nothing is dropped.
 * - Within a priority, messages are first delivered in the order in which they were published.
 * - Bodies are bytes, at most 1 MiB (`queueLimits`); what is larger belongs in `blobs`.
 *
 * What an engine cannot do is said in `QueueCapabilities`, and asking for it is refused with `input-invalid`.
 */

/** Where engines differ. */
export interface QueueCapabilities {
  /** Whether messages of higher priority are delivered first. */
  readonly priorities: boolean;
  /** Whether a message can be published now and delivered later. */
  readonly delayedPublish: boolean;
  /** Whether a queue can be paused. */
  readonly pause: boolean;
  /** Whether an `ack` under a lease that has lapsed is refused, also before the message was delivered again. */
  readonly refusesLateAck: boolean;
}

/** How a queue behaves; kept with it, the last one to open it decides. What it leaves out stays as it was. */
export interface QueueSettings {
  /** Messages that may wait or be worked on; dead letters do not count. Default 100,000. */
  readonly capacity?: number;
  /** Deliveries after which a message becomes a dead letter. Default 5. */
  readonly maxDeliveries?: number;
  /** How long an id is remembered after its publishing, in milliseconds. Default 120,000. */
  readonly deduplicationMs?: number;
}

export interface PublishOptions {
  /** Of several messages with one id only the first counts, while the queue remembers it; 1 to 256 characters. */
  readonly id?: string;
  /** 0 to 9, the higher first. Default 0. */
  readonly priority?: number;
  /** Milliseconds before it may be delivered. */
  readonly delayMs?: number;
}

/** What became of a publishing. */
export interface Published {
  /** The place of the message in its queue, from 1 on; never given twice. */
  readonly sequence: number;
  /**
   * Whether a message with that id was there before: `sequence` is its. Where an answer was lost on the way and the message
   * was sent again, it may be this very one.
   */
  readonly duplicate: boolean;
}

export interface TakeOptions {
  /** At most so many messages, 1 to 1,000. */
  readonly max: number;
  /** How long they may be worked on without `extend`, in milliseconds. */
  readonly leaseMs: number;
  /** How long to wait for the first one where none is ready. Default 0: not at all; Infinity: until `signal`. */
  readonly waitMs?: number;
  /** Ends the waiting; the answer is then empty. */
  readonly signal?: AbortSignal;
}

/** A message under a lease. Plain data: whoever has the lease may be in another process. */
export interface Delivery {
  readonly sequence: number;
  readonly id?: string;
  readonly body: Uint8Array;
  readonly priority: number;
  /** Which delivery of the message this is, from 1 on. */
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly publishedAt: number;
  /** What `ack`, `nak`, `reject` and `extend` are told. */
  readonly lease: string;
}

/** A message that is not delivered any more. */
export interface DeadLetter {
  readonly sequence: number;
  readonly id?: string;
  readonly body: Uint8Array;
  readonly attempts: number;
  readonly publishedAt: number;
  /** Milliseconds since 1970. */
  readonly diedAt: number;
  /** Why, in a sentence. */
  readonly reason: string;
}

/** One page of dead letters, in the order of their sequence. */
export interface DeadLetterPage {
  readonly deadLetters: readonly DeadLetter[];
  /** Pass it as `after` to read on. */
  readonly next?: number;
}

export interface QueueStats {
  readonly name: string;
  /** May be taken now. */
  readonly ready: number;
  /** Wait for their time. */
  readonly delayed: number;
  readonly leased: number;
  readonly dead: number;
  readonly capacity: number;
  /** `(ready + delayed + leased) / capacity`. */
  readonly fill: number;
  /** Milliseconds since the oldest message that is not done was published; 0 where there is none. */
  readonly oldestAgeMs: number;
  /** Messages per second that were published and acknowledged, over the last ten seconds. */
  readonly inRate: number;
  readonly outRate: number;
  /** Deliveries that were not the first, since the queue was opened. */
  readonly redelivered: number;
  readonly paused: boolean;
}

export interface Queue {
  readonly name: string;
  /** Resolves when the message is on disk. Throws `queue-full`, `input-too-large`, `input-invalid`, `storage-full`. */
  publish(body: Uint8Array, options?: PublishOptions): Promise<Published>;
  /** Messages that are ready, the highest priority and then the oldest first; none from a paused queue. */
  take(options: TakeOptions): Promise<readonly Delivery[]>;
  /** The message is done. Resolves when that is on disk. Throws `lease-lapsed`. */
  ack(lease: string): Promise<void>;
  /** Gives the message back, to be delivered again after `delayMs` (default 0). Throws `lease-lapsed`. */
  nak(lease: string, options?: { readonly delayMs?: number; readonly reason?: string }): Promise<void>;
  /** Makes the message a dead letter at once: it will not do better another time. Throws `lease-lapsed`. */
  reject(lease: string, reason: string): Promise<void>;
  /** The lease lasts `leaseMs` from now on. Throws `lease-lapsed`. */
  extend(lease: string, leaseMs: number): Promise<void>;
  /** Nothing is delivered any more until `resume`, also after a restart; publishing goes on. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  stats(): Promise<QueueStats>;
  /** `limit` 1 to 1,000, default 100. */
  deadLetters(options?: { readonly limit?: number; readonly after?: number }): Promise<DeadLetterPage>;
  /** Delivers a dead letter again, as if it were new. Throws `not-found`, `queue-full`. */
  retry(sequence: number): Promise<void>;
  /** Forgets a dead letter. Throws `not-found`. */
  forget(sequence: number): Promise<void>;
}

/** The queues of one engine. */
export interface Queues {
  readonly adapter: string;
  readonly capabilities: QueueCapabilities;
  /** When an acknowledged message is safe, in a sentence. */
  readonly durability: string;
  /** Opens a queue, and makes it where it is not there. */
  open(name: string, settings?: QueueSettings): Promise<Queue>;
  /** The names of all queues, sorted. */
  names(): Promise<readonly string[]>;
  /** Finishes what was asked for; those who wait for messages get none. Calls after it throw `shutting-down`. */
  close(): Promise<void>;
}
