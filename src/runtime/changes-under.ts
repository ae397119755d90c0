import type { ChangeBatch, State } from '../kernel/state/index.js';

/**
 * Changes under any of several prefixes of the state, as they come. The watches are established when this returns, and last until
 * `signal`, which whoever asked aborts when it has enough. Ends too when the state ends a watch; throws what a watch throws.
 */
export function changesUnder(
  state: Pick<State, 'watch'>,
  prefixes: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<ChangeBatch> {
  const watches = prefixes.map((prefix) => state.watch(prefix, { signal })[Symbol.asyncIterator]());
  return (async function* () {
    const pending = watches.map((watch) => watch.next());
    while (!signal.aborted) {
      const first = await Promise.race(pending.map(async (next, index) => ({ ...(await next), index })));
      if (first.done === true) return;
      const watch = watches[first.index];
      if (watch !== undefined) pending[first.index] = watch.next();
      yield first.value;
    }
  })();
}
