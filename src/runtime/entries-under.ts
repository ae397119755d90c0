import { type Entry, listEntries, type State } from '../kernel/state/index.js';

/** All entries under a prefix, in the order of their keys. What changes while later pages are read may be in it or not. */
export async function entriesUnder(state: Pick<State, 'list'>, prefix: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of listEntries(state, prefix)) entries.push(entry);
  return entries;
}
