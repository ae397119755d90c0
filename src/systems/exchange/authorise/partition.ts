/** Keys in classes: at first each in one of its own, until two are told to be one (union-find). */
export class Partition {
  readonly #parent = new Map<string, string>();

  add(key: string): void {
    if (!this.#parent.has(key)) this.#parent.set(key, key);
  }

  has(key: string): boolean {
    return this.#parent.has(key);
  }

  /** Makes the classes of two keys one; does nothing where either was never added. */
  unite(left: string, right: string): void {
    if (!this.has(left) || !this.has(right)) return;
    this.#parent.set(this.classOf(left), this.classOf(right));
  }

  /** One key that stands for the class that `key` is in. */
  classOf(key: string): string {
    let current = key;
    for (let parent = this.#parent.get(current); parent !== undefined && parent !== current; ) {
      current = parent;
      parent = this.#parent.get(current);
    }
    return current;
  }

  /** One key for each class, in the order in which the classes' first keys were added. */
  get classes(): readonly string[] {
    return [...new Set([...this.#parent.keys()].map((key) => this.classOf(key)))];
  }
}
