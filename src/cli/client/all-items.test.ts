import { expect, it } from 'vitest';
import { allItems } from './all-items.js';
import { ApiClient, type CallOptions } from './api-client.js';

/** A client of a list of numbers, which gives two at once and tells what it was asked. */
class Numbers extends ApiClient {
  readonly asked: unknown[] = [];

  override async json<Answer>(path: string, { query, signal }: CallOptions = {}): Promise<Answer> {
    this.asked.push({ path, ...query });
    signal?.throwIfAborted();
    const after = Number(query?.after ?? 0);
    const page = { items: [after + 1, after + 2], ...(after < 4 ? { next: after + 2 } : {}) };
    return page as Answer;
  }
}

it('gives the items of all pages, in their order, of what is asked for alone', async () => {
  const client = new Numbers('http://127.0.0.1');
  expect(await allItems(client, '/numbers', { query: { batch: 'b1' } })).toEqual([1, 2, 3, 4, 5, 6]);
  const page = { path: '/numbers', batch: 'b1', limit: 1_000 };
  expect(client.asked).toEqual([page, { ...page, after: 2 }, { ...page, after: 4 }]);
});

it('stops where its signal says so', async () => {
  const client = new Numbers('http://127.0.0.1');
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(allItems(client, '/numbers', { signal })).rejects.toThrow('enough');
});
