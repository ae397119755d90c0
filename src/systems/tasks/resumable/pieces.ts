/** Cuts what comes into pieces, which are read one after the other and never whole in memory. */
export class Pieces {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();
  #ended = false;
  #failure: { readonly thrown: unknown } | undefined;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Whether nothing comes any more. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  /** The next bytes, `most` of them; fewer where the source ends, or fails: what came before it is worth keeping. */
  async *next(most: number): AsyncGenerator<Uint8Array> {
    for (let left = most; left > 0 && (await this.#fill()); ) {
      const taken = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(taken.byteLength);
      left -= taken.byteLength;
      yield taken;
    }
  }

  /** Throws what the source failed with. */
  assertWhole(): void {
    if (this.#failure !== undefined) throw this.#failure.thrown;
  }

  async #fill(): Promise<boolean> {
    while (this.#rest.byteLength === 0 && !this.#ended) {
      try {
        const next = await this.#source.next();
        if (next.done === true) this.#ended = true;
        else this.#rest = next.value;
      } catch (thrown) {
        this.#ended = true;
        this.#failure = { thrown };
      }
    }
    return this.#rest.byteLength > 0;
  }
}
