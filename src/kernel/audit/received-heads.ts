import { StarlingError } from '../errors/index.js';
import type { State } from '../state/index.js';
import type { AuditHead, ReceivedHead } from './audit-log.js';
import { headKey, readStoredHead, type StoredHead } from './stored-log.js';

/** Keeps heads of counterparties' logs: of each, the newest of each day. Several processes may keep those of one owner. */
export class ReceivedHeads {
  readonly #state: State;
  readonly #prefix: string;
  readonly #owners = new Map<string, HeadsOfOwner>();

  /** `stored`: those that are kept already, in the order of their sequences. */
  constructor(state: State, prefix: string, stored: readonly StoredHead[]) {
    this.#state = state;
    this.#prefix = prefix;
    for (const head of stored) this.#owners.set(head.owner, new HeadsOfOwner(state, prefix, head));
  }

  /**
   * Keeps the head unless a newer one is kept; resolves when it is synced. Where its owner signed two heads for one entry, one
   * of which must be of a log that was written anew, it gives back the head that was kept before, once.
   */
  keep({ owner, sequence, hash }: AuditHead, received: ReceivedHead): Promise<string | undefined> {
    const heads = this.#owners.get(owner) ?? new HeadsOfOwner(this.#state, this.#prefix, undefined);
    this.#owners.set(owner, heads);
    return heads.keep({ ...received, sequence, hash });
  }
}

/** The heads of one counterparty, written one after the other; those that come during a write share the next one. */
class HeadsOfOwner {
  readonly #state: State;
  readonly #prefix: string;
  #stored: StoredHead | undefined;
  #newest: StoredHead | undefined;
  /** That the owner signed another head for the newest entry was told already. */
  #isDisputed = false;
  /** What was written last, so that nothing of another process is overwritten unseen. */
  #written = { key: '', revision: 0 };
  #writing: Promise<unknown> = Promise.resolve();
  #next: Promise<StoredHead | undefined> | undefined;

  constructor(state: State, prefix: string, stored: StoredHead | undefined) {
    this.#state = state;
    this.#prefix = prefix;
    this.#stored = stored;
    this.#newest = stored;
  }

  async keep(head: StoredHead): Promise<string | undefined> {
    const newest = this.#newest;
    if (newest !== undefined && head.sequence < newest.sequence) return undefined;
    if (newest?.sequence === head.sequence)
      return newest.hash === head.hash ? undefined : this.#dispute(newest);
    this.#newest = head;
    this.#isDisputed = false;
    const other = await this.#write();
    return other === undefined ? undefined : this.#dispute(other);
  }

  #dispute({ head }: Pick<StoredHead, 'head'>): string | undefined {
    if (this.#isDisputed) return undefined;
    this.#isDisputed = true;
    return head;
  }

  #write(): Promise<StoredHead | undefined> {
    if (this.#next !== undefined) return this.#next;
    const next = this.#writing.then(() => {
      this.#next = undefined;
      return this.#writeNewest();
    });
    this.#next = next;
    // whoever waits for it hears of its failure
    this.#writing = next.catch(() => undefined);
    return next;
  }

  /** Gives back a head of the same entry that another process kept, where it differs. */
  async #writeNewest(): Promise<StoredHead | undefined> {
    const head = this.#newest;
    if (head === undefined || head === this.#stored) return undefined;
    try {
      const kept = await this.#put(head);
      this.#stored = kept;
      if (this.#newest === head) this.#newest = kept;
      return kept.sequence === head.sequence && kept.hash !== head.hash ? kept : undefined;
    } catch (error) {
      // not kept: the same head may come again
      if (this.#newest === head) this.#newest = this.#stored;
      throw error;
    }
  }

  /** Resolves to the head that is stored in the end: this one, or one as new of another process. */
  async #put(head: StoredHead): Promise<StoredHead> {
    const key = headKey(this.#prefix, head.owner, head.receivedAt.slice(0, 10));
    for (;;) {
      const ifRevision = this.#written.key === key ? this.#written.revision : 0;
      try {
        this.#written = { key, revision: await this.#state.put(key, { ...head }, { ifRevision }) };
        return head;
      } catch (error) {
        if (!(error instanceof StarlingError) || error.code !== 'revision-conflict') throw error;
      }
      const entry = await this.#state.get(key);
      this.#written = { key, revision: entry?.modRevision ?? 0 };
      const there = entry === undefined ? undefined : readStoredHead(entry.value);
      if (there !== undefined && there.sequence >= head.sequence) return there;
    }
  }
}
