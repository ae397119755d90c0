import type { Entry, State } from '../kernel/state/index.js';

/** All entries under a prefix, in the order of their keys. What changes while later pages are read may be in it or not. */
export async function entriesUnder(state: Pick<State, 'list'>, prefix: string): Promise<Entry[]> {
  let page = await state.list(prefix);
  const entries = [...page.entries];
  while (page.next !== undefined) {
    page = await state.list(prefix, { after: page.next });
    entries.push(...page.entries);
  }
  return entries;
}
