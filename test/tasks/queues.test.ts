import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JsonObject } from '../gateway/documented-call.js';
import { openTasksGateway, type TasksGateway, uploadOne } from './tasks-gateway.js';

let test: TasksGateway;
beforeEach(async () => {
  test = await openTasksGateway({ capacity: 50 });
});
afterEach(() => test.close());

it('queues are listed and shown as they are, and looking at one changes nothing of it', async () => {
  await uploadOne(test);
  const { body } = await test.call<{ items: JsonObject[] }>('GET', '/api/v1/queues');
  expect(body.items).toMatchObject([{ name: 'tasks', ready: 1, capacity: 50, paused: false }]);
  expect((await test.call('GET', '/api/v1/queues/tasks')).body).toMatchObject({ capacity: 50, fill: 0.02 });
  expect(await test.call('GET', '/api/v1/queues/taks')).toMatchObject({
    status: 404,
    body: { code: 'not-found', detail: expect.stringContaining('did you mean tasks') },
  });
  expect(await test.made.queues.names()).toEqual(['tasks']);
});

it('a queue that is paused gives nothing until it is resumed', async () => {
  await uploadOne(test);
  const take = async () => {
    const body = { worker: 'w', max: 1 };
    return (await test.call<{ tasks: JsonObject[] }>('POST', '/api/v1/tasks/take', { body })).body.tasks
      .length;
  };
  expect((await test.call('POST', '/api/v1/queues/tasks/pause')).body).toMatchObject({ paused: true });
  expect(await take()).toBe(0);
  expect((await test.call('POST', '/api/v1/queues/tasks/resume')).body).toMatchObject({ paused: false });
  expect(await take()).toBe(1);
});

it('dead letters are shown, delivered again, and forgotten', async () => {
  const queue = await test.made.queues.open('letters', { capacity: 10 });
  for (const text of ['hello', 'wörld']) await queue.publish(Buffer.from(text));
  await queue.publish(Buffer.from([0xff, 0xfe]));
  for (const { lease } of await queue.take({ max: 3, leaseMs: 1_000 }))
    await queue.reject(lease, 'It cannot be.');
  const path = '/api/v1/queues/letters/dead-letters';
  const page = await test.call<{ items: JsonObject[]; next: number }>('GET', `${path}?limit=2`);
  expect(page.body).toMatchObject({
    items: [
      { sequence: 1, text: 'hello', bytes: 5, attempts: 1, reason: 'It cannot be.' },
      { sequence: 2, text: 'wörld' },
    ],
    next: 2,
  });
  const rest = await test.call<{ items: JsonObject[] }>('GET', `${path}?after=2`);
  expect(rest.body.items).toMatchObject([{ sequence: 3, bytes: 2 }]);
  expect(rest.body.items[0]).not.toHaveProperty('text');
  expect((await test.call('POST', `${path}/1/retry`)).body).toMatchObject({ ready: 1, dead: 2 });
  expect((await test.call('DELETE', `${path}/2`)).status).toBe(204);
  expect((await test.call('DELETE', `${path}/2`)).status).toBe(404);
  expect((await test.call('GET', '/api/v1/queues/letters')).body).toMatchObject({ ready: 1, dead: 1 });
});
