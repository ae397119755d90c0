import type { State } from '../state/index.js';
import type { AuditHead, ReceivedHead } from './audit-log.js';
import { headKey, type StoredHead } from './stored-log.js';

interface Newest {
  readonly sequence: number;
  readonly hash: string;
  readonly head: string;
  /** That its owner signed another head for the same entry was told already. */
  readonly isDisputed: boolean;
}

/** Keeps heads of counterparties' logs: of each, the newest of each day. */
export class ReceivedHeads {
  readonly #state: State;
  readonly #prefix: string;
  readonly #newest = new Map<string, Newest>();

  /** `stored`: those that are kept already, in the order of their sequences. */
  constructor(state: State, prefix: string, stored: readonly StoredHead[]) {
    this.#state = state;
    this.#prefix = prefix;
    for (const { owner, sequence, hash, head } of stored) {
      this.#newest.set(owner, { sequence, hash, head, isDisputed: false });
    }
  }

  /**
   * Keeps the head unless a newer one is kept; resolves when it is synced. Where its owner signed two heads for one entry, one
   * of which must be of a log that was written anew, it gives back the head that was kept before, once.
   */
  async keep({ owner, sequence, hash }: AuditHead, received: ReceivedHead): Promise<string | undefined> {
    const newest = this.#newest.get(owner);
    if (newest !== undefined && sequence < newest.sequence) return undefined;
    if (newest?.sequence === sequence) {
      if (newest.hash === hash || newest.isDisputed) return undefined;
      this.#newest.set(owner, { ...newest, isDisputed: true });
      return newest.head;
    }
    const kept = { sequence, hash, head: received.head, isDisputed: false };
    this.#newest.set(owner, kept);
    try {
      await this.#state.put(headKey(this.#prefix, owner, received.receivedAt.slice(0, 10)), {
        ...received,
        sequence,
        hash,
      });
    } catch (error) {
      // not kept: the same head may come again
      if (this.#newest.get(owner) === kept) this.#forget(owner, newest);
      throw error;
    }
    return undefined;
  }

  #forget(owner: string, before: Newest | undefined): void {
    if (before === undefined) this.#newest.delete(owner);
    else this.#newest.set(owner, before);
  }
}
