/** How to close what was opened, one part after the other. */
export class Closers {
  readonly #closers: (() => Promise<unknown>)[] = [];

  /** Has `closer` called before those that were given earlier. */
  push(closer: () => Promise<unknown>): void {
    this.#closers.push(closer);
  }

  /** As `push`, for a part that has a `close`; gives it back. */
  own<Part extends { close(): Promise<unknown> }>(part: Part): Part {
    this.push(() => part.close());
    return part;
  }

  /**
   * Closes, the last one first, what was given since it was called before. One that fails keeps none of the others from being
   * closed; its error is thrown when all are, as an `AggregateError` where several fail.
   */
  readonly close = async (): Promise<void> => {
    const errors: unknown[] = [];
    for (const closer of this.#closers.splice(0).reverse()) {
      try {
        await closer();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 1) throw new AggregateError(errors, 'Several parts could not be closed.');
    if (errors.length === 1) throw errors[0];
  };
}

/** Opens parts as one: what `open` gives, or what it throws, once all that it had opened is closed again. */
export async function openWhole<Opened>(open: (closers: Closers) => Promise<Opened>): Promise<Opened> {
  const closers = new Closers();
  try {
    return await open(closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}
