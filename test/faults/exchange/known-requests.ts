/** A request that somebody was told of. */
export interface KnownRequest {
  readonly id: string;
  readonly job?: string;
  /** What it asks. */
  readonly question: string;
}

/** So many of them are read again. */
const kept = 60;

/** The newest requests that clients were told of: each may read those of all. */
export class KnownRequests {
  #all: readonly KnownRequest[] = [];

  add(one: KnownRequest): void {
    const { id, job, question } = one;
    this.#all = [...this.#all, { id, question, ...(job === undefined ? {} : { job }) }].slice(-kept);
  }

  /** One of them, by a share from 0 up to 1; none where there are none yet. */
  at(share: number): KnownRequest | undefined {
    return this.#all[Math.floor(share * this.#all.length)];
  }
}
