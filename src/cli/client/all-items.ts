import type { ApiClient, CallOptions } from './api-client.js';

/** One page of a list, whatever its pages are told apart by. */
interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string | number;
}

/** Items of one page: the most that the API gives at once. */
const pageItems = 1_000;

/** All that a list of the API has, page by page. Throws what the gateway refuses with, and the signal's reason. */
export async function allItems<Item>(
  client: ApiClient,
  path: string,
  { query, ...options }: Pick<CallOptions, 'query' | 'signal'> = {},
): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | number | undefined;
  do {
    const asked = { ...query, limit: pageItems, after };
    const page = await client.json<Page<Item>>(path, { ...options, query: asked });
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return items;
}
