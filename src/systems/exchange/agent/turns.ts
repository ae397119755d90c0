/** Runs pieces of heavy work, a few at once and the others in the order they came. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Agents of one machine that all import at once would each be slow; in turns the first are ready while the last begin.
 *
 * @param atOnce how many pieces run at the same time; at least 1
 */
export function createTurns(atOnce: number): Turns {
  const waiting: (() => void)[] = [];
  let free = Math.max(1, atOnce);
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // whoever is next takes the place over; without one it is free
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
