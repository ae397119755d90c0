/** Runs pieces of work, a few at once and the others in the order they came; one that fails does not keep the next from its turn. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * A piece that finds a place free begins within its call.
 *
 * @param atOnce how many pieces run at the same time; with 1, one after the other
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
