import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../gateway/documented-call.js';
import { formOf, openTasksGateway, type TasksGateway, upload } from './tasks-gateway.js';

let test: TasksGateway;
beforeEach(async () => {
  test = await openTasksGateway({ maxUploadBytes: 200_000, capacity: 5 });
});
afterEach(() => test.close());

/** That nothing is kept of what was not taken. */
async function expectNothingLeft(): Promise<void> {
  for (const kept of ['items', 'names'])
    expect((await test.made.state.list(`/tasks/${kept}/`)).entries).toEqual([]);
  expect(await test.made.blobs.sweep(() => false)).toEqual({ removed: 0, bytes: 0 });
  expect(await test.made.tasks.queueStats()).toMatchObject({ ready: 0, leased: 0 });
}

describe('an upload', () => {
  it('takes many files in one form, each as a task', async () => {
    const files = { 'a.png': 'one', 'sub/ünïcode (b).png': 'two' };
    const { status, body } = await upload(test, formOf({ filter: 'invert', batch: 'archive' }, files));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      batch: 'archive',
      files: [
        { name: 'a.png', duplicate: false },
        { name: 'sub/ünïcode (b).png', duplicate: false },
      ],
    });
    const listed = await test.call<{ items: JsonObject[] }>('GET', '/api/v1/tasks?batch=archive');
    const hash = createHash('sha256').update('one').digest('hex');
    expect(listed.body.items).toMatchObject([
      { id: body.files[0]?.task, state: 'queued', original: { bytes: 3, hash, mediaType: 'image/png' } },
      { id: body.files[1]?.task, filter: { name: 'invert', parameters: {} } },
    ]);
  });

  it('reads what is to be done from fields before the files, or from the query', async () => {
    const form = new FormData();
    form.set('filter', 'pixelate');
    form.set('parameters', '{"size":20}');
    form.append('file', new Blob(['1']), '1.png');
    form.append('filter', 'grayscale');
    form.append('parameters', '{}');
    form.append('image', new Blob(['2']), '2.png');
    const { body } = await upload(test, form);
    const filters = await Promise.all(
      body.files.map(async ({ task }) => (await test.made.tasks.get(task ?? '')).filter),
    );
    expect(filters).toEqual([
      { name: 'pixelate', parameters: { size: 20 } },
      { name: 'grayscale', parameters: {} },
    ]);
    const query = await upload(test, formOf({}, { 'c.png': '3' }), { query: '?filter=blur&batch=mine' });
    expect([query.status, query.body.batch]).toEqual([201, 'mine']);
  });

  it('knows a file again that it has, and refuses another under its name', async () => {
    const first = await upload(test, formOf({ filter: 'keep', batch: 'b' }, { 'a.png': 'one' }));
    const again = await upload(test, formOf({ filter: 'keep', batch: 'b' }, { 'a.png': 'one' }));
    expect(again.status).toBe(201);
    expect(again.body.files).toEqual([{ name: 'a.png', task: first.body.files[0]?.task, duplicate: true }]);
    const other = await upload<JsonObject>(test, formOf({ filter: 'keep', batch: 'b' }, { 'a.png': 'two' }));
    expect([other.status, other.body.code]).toEqual([409, 'revision-conflict']);
  });

  it('is not stopped by files that are not taken: empty, too large, without a name', async () => {
    const form = formOf(
      { filter: 'keep', batch: 'b' },
      {
        'first.png': 'good',
        'empty.png': '',
        'large.png': new Uint8Array(200_001),
      },
    );
    form.append('file', new Blob(['nameless']), '');
    form.append('file', new Blob(['good too']), 'last.png');
    const { status, body } = await upload(test, form);
    expect(status).toBe(200);
    expect(body.files.map(({ name, task, error }) => [name, task !== undefined, error?.code])).toEqual([
      ['first.png', true, undefined],
      ['empty.png', false, 'input-invalid'],
      ['large.png', false, 'input-too-large'],
      ['file', false, 'input-invalid'],
      ['last.png', true, undefined],
    ]);
    expect(await test.made.tasks.queueStats()).toMatchObject({ ready: 2 });
  });

  it('is refused with 429 and Retry-After where the queue is full, and taken when it is not', async () => {
    const five = Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`${at}.png`, `${at}`]));
    expect((await upload(test, formOf({ filter: 'keep' }, five))).status).toBe(201);
    const sixth = formOf({ filter: 'keep', batch: 'b' }, { '6.png': 'six' });
    const full = await upload<JsonObject>(test, sixth);
    expect([full.status, full.body.code, full.headers.get('retry-after')]).toEqual([429, 'queue-full', '1']);
    const [taken] = await test.made.tasks.take({
      worker: 'w',
      max: 1,
      waitMs: 0,
      signal: new AbortController().signal,
    });
    await test.made.tasks.cancel(taken?.task.id ?? '', 'ada');
    await test.made.queues.open('tasks').then((queue) => queue.ack(taken?.lease ?? ''));
    expect((await upload(test, sixth)).status).toBe(201);
  });
});

describe('one file', () => {
  it.each([
    ['an empty one', { filter: 'keep' }, { 'a.png': '' }, 400, 'input-invalid', 'is empty'],
    [
      'one without a filter',
      {},
      { 'a.png': '1' },
      400,
      'input-invalid',
      'Send the field filter before the file',
    ],
    ['a wrong filter', { filter: 'vanish' }, { 'a.png': '1' }, 400, 'input-invalid', 'Use one of: invert'],
    [
      'a wrong parameter',
      { filter: 'blur', parameters: '{"sigma":-1}' },
      { 'a.png': '1' },
      400,
      'input-invalid',
      'sigma',
    ],
    ['no JSON', { filter: 'blur', parameters: '{' }, { 'a.png': '1' }, 400, 'input-invalid', 'is not JSON'],
    ['an unknown field', { filter: 'keep', size: '3' }, { 'a.png': '1' }, 400, 'input-invalid', '"size"'],
    [
      'a batch with a line break',
      { filter: 'keep', batch: 'a\nb' },
      { 'a.png': '1' },
      400,
      'input-invalid',
      'batch',
    ],
    ['none at all', { filter: 'keep' }, {}, 400, 'input-invalid', 'There is no file in the form'],
    ['none, with a wrong filter', { filter: 'vanish' }, {}, 400, 'input-invalid', 'Use one of'],
  ])('is refused, and nothing is left of it: %s', async (_what, fields, files, status, code, words) => {
    const answer = await upload<JsonObject>(test, formOf(fields, files));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.detail).toContain(words);
    await expectNothingLeft();
  });

  it('whose filter comes after it is told so', async () => {
    const form = formOf({}, { 'a.png': '1' });
    form.append('filter', 'keep');
    const { status, body } = await upload<JsonObject>(test, form);
    expect([status, body.code]).toEqual([400, 'input-invalid']);
    expect(body.detail).toContain('before the file');
    await expectNothingLeft();
  });

  it('that comes as something else than a form is refused', async () => {
    const answer = await test.call('POST', '/api/v1/tasks?filter=keep', { body: { file: 'a' } });
    expect([answer.status, answer.body.code]).toEqual([415, 'media-type-unsupported']);
    expect((await test.call('POST', '/api/v1/tasks?filter=keep')).status).toBe(415);
  });

  it('and another within the same part are refused', async () => {
    const answer = await send(
      '--B\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n--C\r\n\r\none\r\n--C--\r\n--B--\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('several files in one');
    await expectNothingLeft();
  });

  it.each([
    ['cut off', '--B\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nhalf of'],
    [
      'without its end',
      '--B\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nbytes\r\n--B',
    ],
    ['without a part', 'nothing of a form'],
    ['empty', ''],
  ])('in a form that is broken is refused: %s', async (_what, form) => {
    const answer = await send(form);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"input-invalid"');
    await expectNothingLeft();
  });

  it('that is far over the limit is refused before it is read to its end', async () => {
    const socket = connect(test.gateway.port, '127.0.0.1');
    await once(socket, 'connect');
    let answer = '';
    // what is thrown away is not waited for: the connection breaks once the answer is there
    const answered = once(socket, 'data').then(([bytes]) => {
      answer = String(bytes);
      socket.destroy();
    });
    let sent = 0;
    const head = '--B\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n';
    socket.write(requestHead('Content-Length: 10000000000') + head);
    const piece = Buffer.alloc(65_536);
    // as much as it takes, until the gateway has had enough
    const more = () => {
      while (socket.writable) {
        sent += piece.byteLength;
        if (!socket.write(piece)) break;
      }
    };
    socket.on('drain', more).on('error', () => {});
    more();
    await answered;
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"input-too-large"');
    expect(sent).toBeLessThan(10_000_000_000);
    await expectNothingLeft();
  });

  it('whose sender hangs up in the middle leaves nothing', async () => {
    const socket = connect(test.gateway.port, '127.0.0.1');
    await once(socket, 'connect');
    const begun = once(beginnings(), 'begun');
    const head = '--B\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nhalf';
    socket.write(requestHead('Content-Length: 100000') + head);
    await begun;
    const gone = watchUntilEmpty();
    socket.resetAndDestroy();
    await gone;
    await expectNothingLeft();
  });
});

/** Tells `begun` when there is a task whose upload has begun. */
function beginnings(): EventTarget {
  const target = new EventTarget();
  void (async () => {
    for await (const { changes } of test.made.state.watch('/tasks/items/')) {
      if (changes.some(({ type }) => type === 'put')) {
        target.dispatchEvent(new Event('begun'));
        return;
      }
    }
  })();
  return target;
}

/** Resolves when the record of a task is removed. */
async function watchUntilEmpty(): Promise<void> {
  for await (const { changes } of test.made.state.watch('/tasks/items/'))
    if (changes.some(({ type }) => type === 'delete')) return;
}

function requestHead(...headers: string[]): string {
  return [
    'POST /api/v1/tasks?filter=keep HTTP/1.1',
    `Host: 127.0.0.1:${test.gateway.port}`,
    'Content-Type: multipart/form-data; boundary=B',
    ...headers,
    '',
    '',
  ].join('\r\n');
}

/** Sends a form as it is; all that comes back. */
async function send(form: string): Promise<string> {
  const socket = connect(test.gateway.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(requestHead(`Content-Length: ${form.length}`, 'Connection: close') + form);
  return text(socket);
}
