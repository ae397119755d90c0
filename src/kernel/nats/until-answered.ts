import { type Clock, rest } from '../clock/index.js';

const firstPauseMs = 50;
const longestPauseMs = 2_000;

/** How long to ask again, and whether an error says that nobody answered. */
export interface Patience {
  readonly clock: Clock;
  /** In milliseconds, from the first asking on. */
  readonly forMs: number;
  readonly isUnanswered: (thrown: unknown) => boolean;
}

/**
 * What `ask` gives. Where nobody answered it is asked again, each time after a pause twice as long, until its time is
 * over: then the last error is thrown. What is asked must do no harm where it is done twice.
 */
export async function untilAnswered<T>(
  ask: (tries: number) => Promise<T>,
  { clock, forMs, isUnanswered }: Patience,
): Promise<T> {
  const until = clock.now() + forMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask(tries);
    } catch (thrown) {
      if (!isUnanswered(thrown) || clock.now() >= until) throw thrown;
      await rest(Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1)), clock);
    }
  }
}
