import { listEntries, type State } from '../../../kernel/state/index.js';

/** One page of the values under a prefix, in the order of their keys; `after` and `next` are keys without the prefix. */
export async function pageUnder<Item>(
  state: Pick<State, 'list'>,
  prefix: string,
  limit: number,
  after: string | undefined,
): Promise<{ items: Item[]; next?: string }> {
  const page = await state.list(prefix, {
    limit,
    ...(after === undefined ? {} : { after: prefix + after }),
  });
  const items = page.entries.map((entry) => entry.value as unknown as Item);
  return page.next === undefined ? { items } : { items, next: page.next.slice(prefix.length) };
}

/** The keys under a prefix, without it. */
export async function namesUnder(state: Pick<State, 'list'>, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of listEntries(state, prefix)) names.push(key.slice(prefix.length));
  return names;
}
