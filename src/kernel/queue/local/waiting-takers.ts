import type { Clock, Timer } from '../../clock/index.js';
import type { TakeOptions } from '../queue.js';
import type { Message } from './ledger.js';

interface Taker {
  readonly options: TakeOptions;
  readonly give: (messages: readonly Message[]) => void;
}

/** Those who wait for messages, first come, first served. */
export class WaitingTakers {
  readonly #clock: Clock;
  readonly #takers = new Set<Taker>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves with what `serve` takes for it; with nothing when its time is over, at its signal and at `close`. */
  wait(options: TakeOptions): Promise<readonly Message[]> {
    const { signal, waitMs = 0 } = options;
    return new Promise((resolve) => {
      let timer: Timer | undefined;
      const leave = () => taker.give([]);
      const taker: Taker = {
        options,
        give: (messages) => {
          this.#takers.delete(taker);
          timer?.cancel();
          signal?.removeEventListener('abort', leave);
          resolve(messages);
        },
      };
      this.#takers.add(taker);
      signal?.addEventListener('abort', leave, { once: true });
      if (waitMs !== Infinity) timer = this.#clock.timer(waitMs, leave);
    });
  }

  /** Gives what `take` finds to those who wait, until it finds nothing. */
  serve(take: (options: TakeOptions) => readonly Message[]): void {
    for (const taker of this.#takers) {
      const messages = take(taker.options);
      if (messages.length === 0) return;
      taker.give(messages);
    }
  }

  /** Sends everybody away with nothing. */
  close(): void {
    for (const taker of [...this.#takers]) taker.give([]);
  }
}
