import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JsonObject } from '../gateway/documented-call.js';
import { as } from '../gateway/signed-in-gateway.js';
import { openSignedInTasks, people, type TasksGateway, uploadOne } from './tasks-gateway.js';

let test: TasksGateway;
let ofAda: string;
beforeEach(async () => {
  test = await openSignedInTasks();
  ofAda = await uploadOne(test, 'a.png', 'ada');
});
afterEach(() => test.close());

const call = <Body = JsonObject>(method: string, path: string, token: string, body?: object) =>
  test.call<Body>(method, `/api/v1${path}`, { headers: as(token), ...(body === undefined ? {} : { body }) });

it('a task is the uploader’s, and others than an operator may not see or touch it', async () => {
  expect((await call('GET', `/tasks/${ofAda}`, 'ada')).body.user).toBe(people.ada.id);
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/original'],
    ['GET', '/result'],
    ['POST', '/cancel'],
    ['POST', '/retry'],
  ] as const) {
    const { status, body } = await call(method, `/tasks/${ofAda}${path}`, 'bob');
    expect([path, status, body.code]).toEqual([path, 403, 'not-yours']);
  }
  expect((await call('GET', `/tasks/${ofAda}`, 'operator')).status).toBe(200);
  expect((await call('POST', `/tasks/${ofAda}/cancel`, 'operator')).body.state).toBe('cancelled');
});

it('lists, progress and the retry of all that failed are of one’s own', async () => {
  const ofBob = await uploadOne(test, 'b.png', 'bob');
  const ids = async (token: string, query = '') =>
    (await call<{ items: { id: string }[] }>('GET', `/tasks${query}`, token)).body.items.map(({ id }) => id);
  expect(await ids('ada')).toEqual([ofAda]);
  expect(await ids('bob')).toEqual([ofBob]);
  expect(await ids('operator')).toEqual([ofAda, ofBob]);
  expect(await ids('operator', `?user=${people.bob.id}`)).toEqual([ofBob]);
  expect((await call('GET', `/tasks?user=${people.bob.id}`, 'ada')).status).toBe(403);
  const total = async (token: string) => (await call('GET', '/tasks/progress?batch=b1', token)).body.total;
  expect([await total('ada'), await total('bob'), await total('operator')]).toEqual([1, 1, 2]);
  const taken = await test.made.tasks.take({
    worker: 'w',
    max: 2,
    waitMs: 0,
    signal: new AbortController().signal,
  });
  for (const { task, lease } of taken)
    await test.made.tasks.fail(task.id, lease, {
      error: { code: 'input-invalid', message: 'No.' },
      retryable: false,
    });
  expect((await call('POST', '/tasks/retry', 'bob')).body).toEqual({ tasks: [ofBob] });
  expect((await call('POST', '/tasks/retry', 'operator')).body).toEqual({ tasks: [ofAda] });
});

it('uploads that are not whole are of those who began them', async () => {
  const said = (name: string, value: string) => `${name} ${Buffer.from(value).toString('base64')}`;
  const begun = await fetch(`${test.url}/api/v1/uploads`, {
    method: 'POST',
    headers: {
      ...as('ada'),
      'tus-resumable': '1.0.0',
      'upload-length': '9',
      'upload-metadata': [said('filename', 'large.tiff'), said('filter', 'keep'), said('batch', 'b2')].join(),
    },
  });
  expect(begun.status).toBe(201);
  const names = async (token: string) =>
    (await call<{ items: { name: string }[] }>('GET', '/uploads?batch=b2', token)).body.items.map(
      ({ name }) => name,
    );
  expect([await names('ada'), await names('bob'), await names('operator')]).toEqual([
    ['large.tiff'],
    [],
    ['large.tiff'],
  ]);
});

it('an instance of a service takes tasks, and reads the files of those that are worked on alone', async () => {
  expect(await call('GET', `/tasks/${ofAda}/original`, 'worker')).toMatchObject({
    status: 409,
    body: { code: 'lease-lapsed' },
  });
  for (const token of ['ada', 'operator'])
    expect((await call('POST', '/tasks/take', token, { worker: 'w' })).status).toBe(403);
  const { body } = await call<{ tasks: JsonObject[] }>('POST', '/tasks/take', 'worker', { worker: 'w' });
  expect(body.tasks).toMatchObject([{ id: ofAda }]);
  const file = await fetch(`${test.url}/api/v1/tasks/${ofAda}/original`, { headers: as('worker') });
  expect(await file.text()).toBe('bytes of a.png');
  for (const path of ['', '/result'])
    expect((await call('GET', `/tasks/${ofAda}${path}`, 'worker')).status).toBe(403);
});
