/** How far a queue had come at one moment. */
export interface Progress {
  /** Monotonic milliseconds. */
  readonly at: number;
  /** Messages ever published, and those of them that are done. */
  readonly published: number;
  readonly done: number;
}

const spanMs = 10_000;

/** Messages per second, whoever published or took them: from what a server counts, whenever it is asked. */
export class ProgressRates {
  #samples: Progress[] = [];

  /** Rates since the last asking that is ten seconds ago or longer, or else since the first. */
  add(progress: Progress): { readonly inRate: number; readonly outRate: number } {
    const old = this.#samples.findLastIndex(({ at }) => progress.at - at >= spanMs);
    this.#samples = [...this.#samples.slice(Math.max(0, old)), progress];
    const first = this.#samples[0] ?? progress;
    const seconds = Math.max(1, (progress.at - first.at) / 1000);
    return {
      inRate: Math.max(0, progress.published - first.published) / seconds,
      outRate: Math.max(0, progress.done - first.done) / seconds,
    };
  }
}
