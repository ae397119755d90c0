import { setTimeout as wait } from 'node:timers/promises';
import type { ChangeBatch } from '../../../src/kernel/state/index.js';
import { seeded, whole } from '../../lab/seeded.js';
import type { Tally } from '../../lab/tally.js';
import { type Caller, endingOf } from '../caller.js';
import type { RefusedCall, Watched } from './history.js';
import { nextCall } from './next-call.js';
import { askStore } from './store-caller.js';
import type { StoreAnswer, StoreAsked, StoreCall } from './store-model.js';

/** Keys that are used together: few, so that calls meet, and changed for others after some calls. */
const keysOfGroup = ['a', 'b', 'c'] as const;
const callsOfGroup = 60;
/** Between two calls of a client, in milliseconds at most: so that faults last for many calls, and not for all. */
const thinkMs = 60;
/** Before one who had no answer asks again, in milliseconds. */
const againMs = 150;

/** What the clients of a run tell it. */
export interface Recorder {
  readonly tally: Tally;
  readonly onCall: (call: StoreCall) => void;
  readonly onRefused: (refused: RefusedCall) => void;
}

/** One client: one call after the other, each decided by the seed and by what the client saw. */
export async function runClient(
  caller: Caller,
  lane: number,
  seed: number,
  recorder: Recorder,
): Promise<void> {
  const random = seeded(seed);
  const client = `${caller.name}/${lane}`;
  const revisions = new Map<string, number>();
  let values = 0;
  // one who had no answer only reads until there is one, so that few outcomes are unknown
  let isAnswered = true;
  while (!recorder.tally.isOver()) {
    const group = Math.floor(recorder.tally.operations / callsOfGroup) + whole(random, 0, 2);
    const keys = keysOfGroup.map((key) => `groups/${String(group).padStart(5, '0')}/${key}`);
    const revisionOf = (key: string) => revisions.get(key) ?? 0;
    const newValue = () => `${client}/${++values}`;
    const asked: StoreAsked = isAnswered ? nextCall(random, { keys, revisionOf, newValue }) : { read: keys };
    const outcome = await askStore(caller, asked);
    const { calledAt, at } = outcome;
    const ending = endingOf(outcome);
    recorder.tally.count(at, ending);
    isAnswered = 'result' in outcome;
    if ('result' in outcome) {
      learn(revisions, asked, outcome.result);
      recorder.onCall({ client, asked, calledAt, returned: { at, answer: outcome.result } });
      await wait(random() * thinkMs);
      continue;
    }
    if (ending === 'refused') recorder.onRefused({ client, asked, code: outcome.error.code });
    if (ending === 'unknown' && 'write' in asked) recorder.onCall({ client, asked, calledAt });
    await wait(againMs);
  }
}

/** What a client knows of revisions after an answer. */
function learn(revisions: Map<string, number>, asked: StoreAsked, answer: StoreAnswer): void {
  if ('read' in asked) {
    for (const key of asked.read) revisions.set(key, 0);
    if ('entries' in answer)
      for (const { key, modRevision } of answer.entries) revisions.set(key, modRevision);
    return;
  }
  if (!('succeeded' in answer) || answer.revision === undefined) return;
  for (const operation of (answer.succeeded ? asked.write.success : asked.write.failure) ?? []) {
    if ('put' in operation) revisions.set(operation.put, answer.revision);
    else revisions.set(operation.delete, 0);
  }
}

/** One client that watches everything from the first revision on, and goes on where a watch ended. */
export class Watcher {
  readonly #caller: Caller;
  readonly #batches: ChangeBatch[] = [];
  readonly #onSurprise: (what: string) => void;
  #reached: { readonly revision: number; readonly tell: () => void } | undefined;
  #isOver = false;

  constructor(caller: Caller, onSurprise: (what: string) => void) {
    this.#caller = caller;
    this.#onSurprise = onSurprise;
  }

  get watched(): Watched {
    return { client: this.#caller.name, batches: this.#batches };
  }

  /** Resolves after `end`. */
  async follow(): Promise<void> {
    while (!this.#isOver) {
      const args = { prefix: '', fromRevision: this.#revision + 1 };
      const error = await this.#caller.follow<ChangeBatch>('watch', args, (batch) => this.#told(batch));
      if (this.#isOver) return;
      if (error?.code === 'history-compacted')
        this.#onSurprise(`${this.#caller.name} cannot resume its watch: ${error.message}`);
      await wait(againMs);
    }
  }

  /** Resolves when it was told of a revision. */
  reached(revision: number): Promise<void> {
    return new Promise((resolve) => {
      this.#reached = { revision, tell: resolve };
      this.#look();
    });
  }

  /** It does not resume its watch any more. */
  end(): void {
    this.#isOver = true;
  }

  get #revision(): number {
    return this.#batches.at(-1)?.revision ?? 0;
  }

  #told(batch: ChangeBatch): void {
    this.#batches.push(batch);
    this.#look();
  }

  #look(): void {
    if (this.#reached !== undefined && this.#revision >= this.#reached.revision) this.#reached.tell();
  }
}
