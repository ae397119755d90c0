/** Tells whoever waits that something has changed; what changes while nobody waits is told once. */
export class Changes {
  readonly #waiting = new Set<(more: boolean) => void>();
  #closed = false;

  tell(): void {
    for (const wake of [...this.#waiting]) wake(true);
  }

  /** Resolves with true at the next change; with false at the signal and at `close`. */
  next(signal: AbortSignal): Promise<boolean> {
    if (this.#closed || signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const leave = () => wake(false);
      const wake = (more: boolean) => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', leave);
        resolve(more);
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  close(): void {
    this.#closed = true;
    for (const wake of [...this.#waiting]) wake(false);
  }
}
