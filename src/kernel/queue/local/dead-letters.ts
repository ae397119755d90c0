import { assertWhole, queueLimits } from '../limits.js';
import type { DeadLetter, DeadLetterPage } from '../queue.js';
import { momentOf, type QueueParts } from './queue-parts.js';

/** What was delivered too often, or rejected: kept until somebody retries or forgets it. */
export class DeadLetters {
  readonly #parts: QueueParts;

  constructor(parts: QueueParts) {
    this.#parts = parts;
  }

  /** As the port has it. */
  async list({ limit = 100, after = 0 }: { limit?: number; after?: number }): Promise<DeadLetterPage> {
    assertWhole(limit, 1, queueLimits.takeMessages, 'number of dead letters to list');
    const { ledger, ready } = this.#parts;
    await ready();
    const found = ledger.deadAfter(after, limit + 1);
    const page = found.slice(0, limit);
    const next = found.length > limit ? page.at(-1) : undefined;
    return {
      deadLetters: page.map((sequence) => this.#deadLetter(sequence)),
      ...(next === undefined ? {} : { next }),
    };
  }

  /** As the port has it; throws what `assertRoom` throws. */
  async retry(sequence: number, assertRoom: () => void): Promise<void> {
    const { store, ledger, clock, ready } = this.#parts;
    await ready();
    const { dead: _, ...kept } = ledger.deadLetter(sequence);
    assertRoom();
    const record = { ...kept, attempts: 0, publishedAt: clock.wallTime() };
    await store.put(sequence, record);
    ledger.removeDead(sequence);
    ledger.add(sequence, record, momentOf(clock));
  }

  /** As the port has it. */
  async forget(sequence: number): Promise<void> {
    const { store, ledger, ready } = this.#parts;
    await ready();
    ledger.deadLetter(sequence);
    await store.remove(sequence);
    ledger.removeDead(sequence);
  }

  #deadLetter(sequence: number): DeadLetter {
    const { store, ledger } = this.#parts;
    const { id, attempts, publishedAt, dead } = ledger.deadLetter(sequence);
    return {
      sequence,
      ...(id === undefined ? {} : { id }),
      body: store.body(sequence),
      attempts,
      publishedAt,
      diedAt: dead?.at ?? publishedAt,
      reason: dead?.reason ?? '',
    };
  }
}
