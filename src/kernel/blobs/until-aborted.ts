/**
 * What `source` gives, until `signal` says to stop: then its reason is thrown at once, also while the source says
 * nothing. The source is told to end, and not waited for.
 */
export async function* untilAborted<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  if (signal === undefined) {
    yield* source;
    return;
  }
  signal.throwIfAborted();
  let abort = () => {};
  const stopped = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  // heard by the race below, where one is under way
  stopped.catch(() => undefined);
  signal.addEventListener('abort', abort, { once: true });
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), stopped]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    // a source that is stuck never ends; one that fails while it ends has nobody left to tell
    iterator.return?.().catch(() => undefined);
  }
}
