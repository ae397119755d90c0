import type { Entry, Page, State } from './state.js';

/**
 * Every entry under a prefix, in order, a page at a time: each page is as of its own revision. `first` is the first page,
 * where that was read already.
 */
export async function* listEntries(
  state: Pick<State, 'list'>,
  prefix: string,
  first?: Page,
): AsyncGenerator<Entry> {
  let page = first ?? (await state.list(prefix));
  for (;;) {
    yield* page.entries;
    if (page.next === undefined) return;
    page = await state.list(prefix, { after: page.next });
  }
}
