import type { Paged } from './exchange-api.js';

/** One page of those items of a longer list that fit; reads on until the page is full. */
export async function filtered<Item extends { readonly id: string }>(
  read: (after: string | undefined) => Promise<Paged<Item>>,
  fits: (item: Item) => boolean,
  limit: number,
  after: string | undefined,
): Promise<Paged<Item>> {
  const items: Item[] = [];
  for (let cursor = after; ; ) {
    const page = await read(cursor);
    for (const item of page.items.filter(fits)) {
      items.push(item);
      if (items.length === limit) return { items, next: item.id };
    }
    if (page.next === undefined) return { items };
    cursor = page.next;
  }
}
