import type { Ending } from '../../lab/tally.js';

/** A call and what came of it. Times are milliseconds of the machine's monotonic clock. */
interface Called {
  readonly client: string;
  readonly calledAt: number;
  readonly at: number;
  readonly ending: Ending;
}

/** One attempt to publish a message. All attempts of a message have one body, which is its id too. */
export interface Publishing extends Called {
  readonly body: string;
  /** Where it was acknowledged. */
  readonly sequence?: number;
}

/** A message as one worker got it. */
export interface Delivered {
  readonly client: string;
  readonly body: string;
  readonly sequence: number;
  readonly attempt: number;
  /** When the worker asked for messages, and when it had this one. */
  readonly calledAt: number;
  readonly at: number;
}

/** A worker that said of a message that it is done, or that it will not do. */
export interface Finishing extends Called {
  readonly body: string;
  readonly how: 'ack' | 'reject';
}

/** A message that was given up. */
export interface Dead {
  readonly body: string;
  readonly attempts: number;
  readonly reason: string;
}

/** All that was recorded of a run, until nothing was left in the queue, or nothing that could be had soon. */
export interface QueueHistory {
  readonly publishings: readonly Publishing[];
  readonly deliveries: readonly Delivered[];
  readonly finishings: readonly Finishing[];
  readonly dead: readonly Dead[];
  /** Messages that somebody still had at the end, as the queue counts them. */
  readonly left: number;
  readonly rules: QueueRules;
}

/** What the queue promises. */
export interface QueueRules {
  readonly capacity: number;
  /** How many more may be in while they are on their way at one moment. */
  readonly beyond: number;
  readonly maxDeliveries: number;
  /** Whether one who finishes under a lease that has lapsed is told so. */
  readonly refusesLateAck: boolean;
}
