/** One record that was left out. The reason never holds a value of the record: it may be shown to people who may not see it. */
export interface Reject {
  /** The physical line of the source where the record begins, from 1. */
  readonly line: number;
  readonly reason: string;
}

/** How many rejects are told in detail; all are counted. */
export const detailedRejects = 100;

/** Counts rejected records and keeps the first ones. */
export class RejectList {
  #count = 0;
  readonly #first: Reject[] = [];

  add(line: number, reason: string): void {
    this.#count++;
    if (this.#first.length < detailedRejects) this.#first.push({ line, reason });
  }

  get count(): number {
    return this.#count;
  }

  /** The first rejects, in the order they were added. */
  get first(): readonly Reject[] {
    return this.#first;
  }
}
