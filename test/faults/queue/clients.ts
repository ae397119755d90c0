import { setTimeout as wait } from 'node:timers/promises';
import type { Published } from '../../../src/kernel/queue/index.js';
import { seeded, whole } from '../../lab/seeded.js';
import type { Tally } from '../../lab/tally.js';
import { type Caller, endingOf, type Outcome } from '../caller.js';
import type { Delivered, Finishing, Publishing } from './history.js';

/** The one queue of a run: small, so that it is full at times, and quick to give a message up. */
export const workQueue = {
  name: 'work',
  settings: { capacity: 60, maxDeliveries: 5, deduplicationMs: 600_000 },
} as const;

/** How long a worker has a message, and how long anybody waits for an answer, in milliseconds. */
const leaseMs = 1_500;
const patienceMs = 3_000;
/** Before one who had no answer asks again, and between two messages of a publisher at most, in milliseconds. */
const [againMs, thinkMs] = [150, 60];

/** What clients tell the run. */
export interface QueueRecorder {
  readonly tally: Tally;
  readonly onPublishing: (publishing: Publishing) => void;
  readonly onDelivered: (delivered: Delivered) => void;
  readonly onFinishing: (finishing: Finishing) => void;
}

/** A message as a caller is told of it. */
interface Taken {
  readonly body: string;
  readonly sequence: number;
  readonly attempt: number;
  readonly lease: string;
}

/** Publishes one message after the other; one whose answer was lost again, under the same id, until there is one. */
export async function publish(
  caller: Caller,
  lane: number,
  seed: number,
  recorder: QueueRecorder,
): Promise<void> {
  const { tally, onPublishing } = recorder;
  const random = seeded(seed);
  const client = `${caller.name}/${lane}`;
  for (let number = 1; !tally.isOver(); number += 1) {
    const body = `${client}/${number}`;
    for (let isDone = false; !isDone && !tally.isOver(); ) {
      const args = { ...workQueue, body, options: { id: body } };
      const outcome = await caller.ask<Published>('publish', args, patienceMs);
      const ending = endingOf(outcome);
      tally.count(outcome.at, ending);
      const sequence = 'result' in outcome ? { sequence: outcome.result.sequence } : {};
      const { calledAt, at } = outcome;
      if (ending !== 'absent') onPublishing({ client, body, calledAt, at, ending, ...sequence });
      isDone = ending === 'acknowledged';
      await wait(isDone ? random() * thinkMs : againMs);
    }
  }
}

/** Takes messages and does most of them; gives some back, rejects some, and forgets some. Ends after `isOver`. */
export async function consume(
  caller: Caller,
  lane: number,
  seed: number,
  isOver: () => boolean,
  recorder: QueueRecorder,
): Promise<void> {
  const random = seeded(seed);
  const client = `${caller.name}/worker-${lane}`;
  while (!isOver()) {
    const options = { max: whole(random, 1, 6), leaseMs, waitMs: 300 };
    const taken = await ask<readonly Taken[]>('take', { options });
    if (!('result' in taken)) {
      await wait(againMs);
      continue;
    }
    const { calledAt, at, result } = taken;
    for (const { body, sequence, attempt } of result)
      recorder.onDelivered({ client, body, sequence, attempt, calledAt, at });
    for (const message of result) await handle(message);
  }

  async function handle({ body, lease }: Taken): Promise<void> {
    const choice = random();
    await wait(random() * 20);
    if (choice < 0.05) return;
    if (choice < 0.12) {
      await ask('nak', { lease, options: { delayMs: whole(random, 0, 300) } });
      return;
    }
    if (choice < 0.2) await ask('extend', { lease, leaseMs });
    const how = choice > 0.97 ? 'reject' : 'ack';
    const outcome = await ask(how, how === 'ack' ? { lease } : { lease, reason: 'it will not do' });
    const ending = endingOf(outcome);
    const { calledAt, at } = outcome;
    if (ending !== 'absent') recorder.onFinishing({ client, body, how, calledAt, at, ending });
  }

  async function ask<Result>(method: string, args: object): Promise<Outcome<Result>> {
    const outcome = await caller.ask<Result>(method, { ...workQueue, ...args }, patienceMs);
    // to be told that there is nothing is no operation
    if (!('result' in outcome && Array.isArray(outcome.result) && outcome.result.length === 0))
      recorder.tally.count(outcome.at, endingOf(outcome));
    return outcome;
  }
}
