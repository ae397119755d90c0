import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../gateway/documented-call.js';
import { openTasksGateway, type TasksGateway, uploadOne } from './tasks-gateway.js';

let test: TasksGateway;
beforeEach(async () => {
  test = await openTasksGateway({ rules: { maxResultBytes: 100, leaseMs: 30_000 } });
});
afterEach(() => test.close());

interface Taken {
  readonly tasks: readonly { readonly id: string; readonly lease: string }[];
}

const path = '/api/v1/tasks';

async function take(max = 1, waitSeconds = 0): Promise<Taken['tasks']> {
  const body = { worker: 'w1', max, waitSeconds };
  return (await test.call<Taken>('POST', `${path}/take`, { body })).body.tasks;
}

async function takeOne(): Promise<Taken['tasks'][number]> {
  const [task] = await take();
  if (task === undefined) throw new Error('There is no task to take.');
  return task;
}

async function hand(id: string, lease: string, result: string, type = 'image/png'): Promise<Response> {
  const headers = { 'content-type': type, 'starling-lease': lease };
  return fetch(`${test.url}${path}/${id}/result`, { method: 'PUT', body: result, headers });
}

describe('a worker', () => {
  it('takes a task, reads its file, says that it goes on, and hands in the result', async () => {
    const id = await uploadOne(test);
    const [task, ...others] = await take(5);
    expect(others).toEqual([]);
    expect(task).toEqual({
      id,
      name: 'a.png',
      filter: { name: 'keep', parameters: {} },
      lease: expect.any(String),
      leaseSeconds: 30,
      attempt: 1,
      original: { bytes: 14, mediaType: 'image/png' },
    });
    const { lease } = task ?? { lease: '' };
    expect(await (await fetch(`${test.url}${path}/${id}/original`)).text()).toBe('bytes of a.png');
    const extended = await test.call('POST', `${path}/${id}/extend`, { body: { lease } });
    expect(extended.body).toMatchObject({ state: 'leased', worker: { name: 'w1' } });
    expect(JSON.stringify(extended.body)).not.toContain(lease);
    // any media type is a result, JSON too
    const handed = await hand(id, lease, '{"is":"json"}', 'application/json');
    expect([handed.status, await handed.json()]).toMatchObject([
      200,
      { state: 'done', result: { bytes: 13 } },
    ]);
    expect(await (await fetch(`${test.url}${path}/${id}/result`)).text()).toBe('{"is":"json"}');
  });

  it('waits for a task that comes later', async () => {
    const waiting = take(1, 60);
    const id = await uploadOne(test);
    expect((await waiting).map((task) => task.id)).toEqual([id]);
  });

  it('is sent away with none when the gateway closes', async () => {
    const waiting = take(1, 60);
    await test.call('GET', `${path}/progress`);
    await test.gateway.close();
    expect(await waiting).toEqual([]);
  });

  it('that is gone while it waits is given nothing', async () => {
    const socket = connect(test.gateway.port, '127.0.0.1');
    await once(socket, 'connect');
    const body = '{"worker":"gone","max":1,"waitSeconds":60}';
    const head = `POST ${path}/take HTTP/1.1\r\nHost: 127.0.0.1:${test.gateway.port}\r\nContent-Type: application/json\r\n`;
    socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
    // the answer of a later request on another connection shows that the first one waits
    await test.call('GET', `${path}/progress`);
    socket.resetAndDestroy();
    await once(socket, 'close');
    await uploadOne(test);
    const task = await takeOne();
    expect(await test.made.tasks.get(task.id)).toMatchObject({ attempts: 1, lease: { worker: 'w1' } });
  });

  it('whose lease has lapsed is refused, and so is one with a lease of its own making', async () => {
    const id = await uploadOne(test);
    const { lease } = await takeOne();
    for (const [verb, more] of [
      ['extend', {}],
      ['fail', { message: 'broken', retryable: false }],
      ['give-back', { cause: 'stops' }],
    ] as const) {
      const { status, body } = await test.call('POST', `${path}/${id}/${verb}`, {
        body: { lease: 'made-up', ...more },
      });
      expect([verb, status, body.code]).toEqual([verb, 409, 'lease-lapsed']);
    }
    test.made.clock.advance(30_000);
    expect((await takeOne()).id).toBe(id);
    const late = await hand(id, lease, 'late');
    expect([late.status, await late.json()]).toMatchObject([409, { code: 'lease-lapsed' }]);
    expect(await test.made.blobs.sweep(() => true)).toEqual({ removed: 0, bytes: 0 });
  });

  it('that fails ends the task with its reason, or has it tried again', async () => {
    const id = await uploadOne(test);
    const first = await takeOne();
    const fail = (lease: string, retryable: boolean) =>
      test.call('POST', `${path}/${id}/fail`, {
        body: { lease, code: 'input-invalid', message: 'This is no image.', retryable },
      });
    expect((await fail(first.lease, true)).body).toMatchObject({ state: 'queued' });
    test.made.clock.advance(60_000);
    expect((await fail((await takeOne()).lease, false)).body).toMatchObject({
      state: 'failed',
      error: { code: 'input-invalid', message: 'This is no image.' },
    });
  });

  it('that stops hands its task back, for another to take at once', async () => {
    const id = await uploadOne(test);
    const { lease } = await takeOne();
    const body = { lease, cause: 'it is stopping' };
    expect((await test.call('POST', `${path}/${id}/give-back`, { body })).body).toMatchObject({
      state: 'queued',
      attempts: 0,
    });
    expect((await takeOne()).id).toBe(id);
  });

  it('whose result is too large is refused, and may hand in a smaller one', async () => {
    const id = await uploadOne(test);
    const { lease } = await takeOne();
    const large = await hand(id, lease, 'x'.repeat(101));
    expect([large.status, await large.json()]).toMatchObject([413, { code: 'input-too-large' }]);
    expect((await hand(id, lease, 'small')).status).toBe(200);
  });

  it.each([
    ['take', { max: 1 }, 'worker'],
    ['take', { worker: 'w', max: 101 }, 'max'],
    ['take', { worker: 'w', waitSeconds: 61 }, 'waitSeconds'],
    ['t-1/fail', { lease: 'l', message: '', retryable: true }, 'message'],
    ['t-1/fail', { lease: 'l', message: 'm', retryable: true, code: 'made-up' }, 'code'],
    ['t-1/extend', {}, 'lease'],
  ])('that says %s wrongly is told what: %j', async (verb, body, member) => {
    const answer = await test.call<{ errors: JsonObject[] }>('POST', `${path}/${verb}`, { body });
    expect([answer.status, answer.body.errors[0]?.pointer]).toEqual([400, `/${member}`]);
  });

  it('that hands in nothing, without a lease, or for no task is refused', async () => {
    const put = (id: string, headers: Record<string, string>, body: string | null) =>
      fetch(`${test.url}${path}/${id}/result`, { method: 'PUT', headers, body });
    const id = await uploadOne(test);
    const { lease } = await takeOne();
    expect((await put(id, { 'starling-lease': lease }, null)).status).toBe(400);
    expect((await put(id, {}, 'x')).status).toBe(400);
    expect((await put('t-none', { 'starling-lease': lease }, 'x')).status).toBe(404);
    expect((await test.made.tasks.get(id)).state).toBe('leased');
  });
});

describe('an original that was changed on disk', () => {
  it('is not given to the worker, and fails its task with the reason', async () => {
    const id = await uploadOne(test);
    const { hash = '' } = (await test.made.tasks.get(id)).original ?? {};
    await test.made.damage(hash);
    await takeOne();
    const failed = changeTo('failed');
    const { status, body: problem } = await test.call('GET', `${path}/${id}/original`);
    expect([status, problem.code]).toEqual([500, 'blob-damaged']);
    await failed;
    const { body } = await test.call('GET', `${path}/${id}`);
    expect(body).toMatchObject({ state: 'failed', error: { code: 'blob-damaged' } });
  });
});

/** Resolves when some task has come to a state. */
async function changeTo(state: string): Promise<void> {
  const { tasks } = test.made;
  const stop = new AbortController();
  for await (const { counts } of tasks.watchProgress({}, stop.signal))
    if (counts[state as keyof typeof counts] > 0) stop.abort();
}
