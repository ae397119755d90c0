import type { Source } from './origin.js';

/** A unit column of one scan, as a key. */
function keyOf(source: Source): string {
  return `${source.scan}\u0000${source.table}\u0000${source.column ?? ''}`;
}

/**
 * Which unit columns are known to hold the same person in every row, because a join or filter says so: a union-find
 * over the unit columns of the scans of one plan.
 */
export class UnitClasses {
  readonly #parent = new Map<string, string>();

  add(source: Source): void {
    const key = keyOf(source);
    if (!this.#parent.has(key)) this.#parent.set(key, key);
  }

  has(source: Source): boolean {
    return this.#parent.has(keyOf(source));
  }

  unite(left: Source, right: Source): void {
    if (!this.has(left) || !this.has(right)) return;
    this.#parent.set(this.#root(keyOf(left)), this.#root(keyOf(right)));
  }

  /** A name for the class that `source` is in. */
  classOf(source: Source): string {
    return this.#root(keyOf(source));
  }

  get classes(): readonly string[] {
    return [...new Set([...this.#parent.keys()].map((key) => this.#root(key)))];
  }

  #root(key: string): string {
    let current = key;
    for (let parent = this.#parent.get(current); parent !== undefined && parent !== current; ) {
      current = parent;
      parent = this.#parent.get(current);
    }
    return current;
  }
}
