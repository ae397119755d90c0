import type { Delivery, Queue, QueueSettings, Queues } from '../queue.js';

/** What an engine must bring to be tested. */
export interface QueueHarness {
  /** Why the engine cannot be tested here. */
  readonly missing?: string;
  /** Opens a new, empty engine. */
  open(): Promise<Queues>;
  /** Closes an engine and opens it again, as after a stop of its process. */
  reopen(queues: Queues): Promise<Queues>;
  /** Closes an engine, if it is open still, and removes what it left. */
  dispose(queues: Queues): Promise<void>;
  /** Moves the engine's time on; left out where only real time does: tests then wait for the delivery that it brings. */
  readonly advance?: (ms: number) => void;
  /** A time for leases and delays that the engine can count well, in milliseconds. */
  readonly unitMs: number;
}

/** Runs a test on a fresh engine and disposes of it. */
export function withQueues(
  harness: QueueHarness,
  test: (queues: Queues) => Promise<unknown>,
): () => Promise<void> {
  return async () => {
    const queues = await harness.open();
    try {
      await test(queues);
    } finally {
      await harness.dispose(queues);
    }
  };
}

/** Runs a test on one fresh queue. */
export function withQueue(
  harness: QueueHarness,
  test: (queue: Queue) => Promise<unknown>,
  settings: QueueSettings = {},
): () => Promise<void> {
  return withQueues(harness, async (queues) => test(await queues.open('work', settings)));
}

/** A body of text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of a body. */
export function textOf({ body }: { readonly body: Uint8Array }): string {
  return new TextDecoder().decode(body);
}

/** Takes exactly one message, waiting for it where none is ready. */
export async function takeOne(queue: Queue, leaseMs = 60_000): Promise<Delivery> {
  const [delivery] = await queue.take({ max: 1, leaseMs, waitMs: Infinity });
  if (delivery === undefined) throw new Error('nothing was delivered');
  return delivery;
}

/** The texts of all that is ready, each acknowledged. */
export async function drain(queue: Queue): Promise<string[]> {
  const texts: string[] = [];
  for (;;) {
    const deliveries = await queue.take({ max: 100, leaseMs: 60_000 });
    if (deliveries.length === 0) return texts;
    texts.push(...deliveries.map(textOf));
    await Promise.all(deliveries.map(({ lease }) => queue.ack(lease)));
  }
}
