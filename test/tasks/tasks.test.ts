import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../gateway/documented-call.js';
import { openTasksGateway, type TasksGateway, uploadOne } from './tasks-gateway.js';

let test: TasksGateway;
beforeEach(async () => {
  test = await openTasksGateway();
});
afterEach(() => test.close());

interface Page {
  readonly items: readonly JsonObject[];
  readonly next?: string;
}

const signal = new AbortController().signal;

async function failAll(): Promise<void> {
  const error = { code: 'input-invalid', message: 'This is no image.' } as const;
  for (const { task, lease } of await test.made.tasks.take({ worker: 'w', max: 100, waitMs: 0, signal }))
    await test.made.tasks.fail(task.id, lease, { error, retryable: false });
}

describe('/tasks', () => {
  it('are listed page by page, and by state, batch and filter', async () => {
    const ids = [await uploadOne(test, 'a'), await uploadOne(test, 'b'), await uploadOne(test, 'c')];
    const first = await test.call<Page>('GET', '/api/v1/tasks?limit=2');
    expect(first.body.items.map((task) => task.id)).toEqual(ids.slice(0, 2));
    expect(first.body.items[0]).not.toHaveProperty('history');
    const rest = await test.call<Page>('GET', `/api/v1/tasks?limit=2&after=${first.body.next}`);
    expect(rest.body.items.map((task) => task.id)).toEqual(ids.slice(2));
    expect(rest.body).not.toHaveProperty('next');
    for (const [query, count] of [
      ['state=queued', 3],
      ['state=done', 0],
      ['batch=b1&filter=keep', 3],
      ['filter=invert', 0],
    ])
      expect((await test.call<Page>('GET', `/api/v1/tasks?${query}`)).body.items.length).toBe(count);
    expect((await test.call('GET', '/api/v1/tasks?state=gone')).status).toBe(400);
  });

  it('are shown with their history, cancelled, and tried again', async () => {
    const id = await uploadOne(test);
    const cancelled = await test.call('POST', `/api/v1/tasks/${id}/cancel`);
    expect([cancelled.status, cancelled.body.state]).toEqual([200, 'cancelled']);
    expect(await test.call('POST', `/api/v1/tasks/${id}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'task-ended' },
    });
    expect((await test.call('POST', `/api/v1/tasks/${id}/retry`)).body).toMatchObject({
      state: 'queued',
      round: 2,
    });
    const { body } = await test.call<{ history: JsonObject[] }>('GET', `/api/v1/tasks/${id}`);
    expect(body.history.map(({ cause }) => cause)).toEqual([
      'somebody began to upload it',
      'it is uploaded, and waits for a worker',
      'somebody cancelled it',
      'somebody asked for another try',
    ]);
    for (const verb of ['cancel', 'retry'])
      expect((await test.call('POST', `/api/v1/tasks/t-none/${verb}`)).status).toBe(404);
    expect((await test.call('GET', '/api/v1/tasks/t-none')).status).toBe(404);
  });

  it('that failed are all tried again, of one batch or of all', async () => {
    const ids = [await uploadOne(test, 'a'), await uploadOne(test, 'b')];
    await failAll();
    const other = await test.call('POST', '/api/v1/tasks/retry', { body: { batch: 'b2' } });
    expect(other.body).toEqual({ tasks: [] });
    expect((await test.call('POST', '/api/v1/tasks/retry')).body).toEqual({ tasks: ids });
    expect((await test.call('GET', '/api/v1/tasks/progress')).body).toMatchObject({
      counts: { queued: 2, failed: 0 },
    });
  });
});

describe('/tasks/progress', () => {
  it('counts those of a batch, or all', async () => {
    await uploadOne(test, 'a');
    await uploadOne(test, 'b');
    await failAll();
    await uploadOne(test, 'c');
    const counts = { uploading: 0, queued: 1, leased: 0, done: 0, failed: 2, cancelled: 0 };
    expect((await test.call('GET', '/api/v1/tasks/progress?batch=b1')).body).toMatchObject({
      counts,
      total: 3,
      ended: 2,
    });
    expect((await test.call('GET', '/api/v1/tasks/progress?batch=b2')).body).toMatchObject({ total: 0 });
  });

  it('is told as events, and to one who comes again what is different since', async () => {
    await uploadOne(test, 'a');
    const first = await nextEvents('', 1);
    expect(first).toMatchObject([{ id: '0.1.0.0.0.0', data: { counts: { queued: 1 } } }]);
    const again = nextEvents(first[0]?.id ?? '', 1);
    await failAll();
    const [event] = await again;
    expect(event?.id).not.toBe(first[0]?.id);
    expect(event?.data).toMatchObject({ total: 1 });
  });
});

describe('/filters', () => {
  it('says what each is for and what it takes', async () => {
    const { body } = await test.call<Page>('GET', '/api/v1/filters');
    expect(body.items.map(({ name }) => name)).toContain('strip-metadata');
    expect(body.items.find(({ name }) => name === 'pixelate')).toMatchObject({
      title: 'Squares take the place of details.',
      parameters: { type: 'object', properties: { size: { type: 'integer', minimum: 2, default: 10 } } },
    });
  });
});

/** The first events of a stream of progress. */
async function nextEvents(last: string, count: number): Promise<{ id: string; data: JsonObject }[]> {
  const response = await fetch(`${test.url}/api/v1/tasks/progress/events?batch=b1`, {
    headers: last === '' ? {} : { 'last-event-id': last },
  });
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    const events = [...text.matchAll(/^id: (.*)\nevent: progress\ndata: (.*)\n\n/gm)];
    if (events.length < count) continue;
    return events.map(([, id = '', data = '']) => ({ id, data: JSON.parse(data) as JsonObject }));
  }
  throw new Error(`The stream ended: ${text}`);
}
