const seconds = 10;

/** Counts events, and tells how many there were per second over the last ten seconds. */
export class Rate {
  readonly #counts = new Array<number>(seconds).fill(0);
  #second = 0;
  #begun: number | undefined;

  /** @param now monotonic milliseconds */
  add(now: number): void {
    this.#pass(now);
    const at = this.#second % seconds;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  /** Events per second; over less than ten seconds where counting began later. */
  perSecond(now: number): number {
    this.#pass(now);
    const span = Math.min(seconds, Math.max(1, (now - (this.#begun ?? now)) / 1000));
    return this.#counts.reduce((sum, count) => sum + count, 0) / span;
  }

  #pass(now: number): void {
    const second = Math.floor(now / 1000);
    if (this.#begun === undefined) {
      this.#begun = now;
      this.#second = second;
    }
    const passed = Math.min(seconds, second - this.#second);
    for (let ahead = 1; ahead <= passed; ahead++) this.#counts[(this.#second + ahead) % seconds] = 0;
    this.#second = Math.max(this.#second, second);
  }
}
