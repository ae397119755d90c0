/** Does something to each of what comes, to `most` of them at once. Rejects with the first failure, when none is under way. */
export async function eachAtOnce<T>(
  source: AsyncGenerator<T>,
  most: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  // a generator gives one after the other, whoever asks
  const worker = async () => {
    for await (const item of source) await act(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: most }, worker));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
