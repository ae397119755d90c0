import * as tus from 'tus-js-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTasksGateway, type TasksGateway } from './tasks-gateway.js';

let test: TasksGateway;
beforeEach(async () => {
  test = await openTasksGateway({ maxUploadBytes: 30_000_000 });
});
afterEach(() => test.close());

const content = Buffer.alloc(20_000_000);
for (let at = 0; at + 4 <= content.length; at += 4) content.writeUInt32LE(at, at);
const metadata = { filename: 'large.tiff', filetype: 'image/tiff', filter: 'keep', batch: 'b1' };

/** Sends with a real client; resolves with the task, or with the address where it is broken off after some bytes. */
function send(
  options: Partial<tus.UploadOptions>,
  breakAfter = Infinity,
): Promise<{ task?: string; url: string }> {
  return new Promise((resolve, reject) => {
    let task: string | undefined;
    const upload = new tus.Upload(content, {
      ...{ endpoint: `${test.url}/api/v1/uploads`, metadata, retryDelays: null },
      onAfterResponse: (_request, response) => {
        task = response.getHeader('Starling-Task') ?? task;
      },
      onProgress: (sent) => {
        if (sent < breakAfter) return;
        upload.abort().then(() => resolve({ url: upload.url ?? '' }), reject);
      },
      onSuccess: () => resolve({ ...(task === undefined ? {} : { task }), url: upload.url ?? '' }),
      onError: reject,
      ...options,
    });
    upload.start();
  });
}

async function originalOf(task: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(`${test.url}/api/v1/tasks/${task}/original`)).arrayBuffer());
}

/** A request as a client makes it. */
function call(method: string, path: string, headers: Record<string, string>, body?: string) {
  return fetch(`${test.url}${path}`, {
    method,
    headers: { 'tus-resumable': '1.0.0', ...headers },
    ...(body === undefined ? {} : { body }),
  });
}

const said = (values: Record<string, string>) =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',');

async function begun(size: number): Promise<string> {
  const response = await call('POST', '/api/v1/uploads', {
    'upload-length': String(size),
    'upload-metadata': said({ ...metadata, filename: 'small.png' }),
  });
  expect(response.status).toBe(201);
  return response.headers.get('location') ?? '';
}

const patch = (path: string, offset: number, body: string) =>
  call(
    'PATCH',
    path,
    { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    body,
  );

describe('a client of tus', () => {
  it('sends a large file, which becomes one task', async () => {
    const { task = '', url } = await send({});
    expect((await originalOf(task)).equals(content)).toBe(true);
    // an answer that was lost is given again
    const again = await call('HEAD', new URL(url).pathname, {});
    expect([again.headers.get('upload-offset'), again.headers.get('starling-task')]).toEqual([
      '20000000',
      task,
    ]);
    expect((await test.made.tasks.list()).tasks).toHaveLength(1);
  });

  it('goes on where its connection broke in the middle', async () => {
    const { url } = await send({ chunkSize: 5_000_000 }, 12_000_000);
    const offset = Number((await call('HEAD', new URL(url).pathname, {})).headers.get('upload-offset'));
    expect(offset).toBeGreaterThanOrEqual(10_000_000);
    expect(offset).toBeLessThan(content.length);
    const { task = '' } = await send({ uploadUrl: url });
    expect((await originalOf(task)).equals(content)).toBe(true);
  });

  it('is told of a wrong offset, and of two who send at once one', async () => {
    const path = await begun(10);
    expect((await patch(path, 3, 'later')).status).toBe(409);
    const both = await Promise.all([patch(path, 0, 'first'), patch(path, 0, 'FIRST')]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
    const head = await call('HEAD', path, {});
    expect(head.headers.get('upload-offset')).toBe('5');
    const { status, headers } = await patch(path, 5, '+more');
    expect([status, headers.get('upload-offset')]).toEqual([204, '10']);
    expect(await originalOf(headers.get('starling-task') ?? '')).toHaveLength(10);
  });

  it('is refused before it sends what would not be taken', async () => {
    const announce = (headers: Record<string, string>) => call('POST', '/api/v1/uploads', headers);
    const codeOf = async (answer: Response) => [
      answer.status,
      ((await answer.json()) as { code: string }).code,
    ];
    const good = said(metadata);
    expect(await codeOf(await announce({ 'upload-length': '30000001', 'upload-metadata': good }))).toEqual([
      413,
      'input-too-large',
    ]);
    for (const lie of [
      said({ ...metadata, filter: 'gild' }),
      said({ ...metadata, parameters: '{"size":' }),
      said({ filename: 'a.png' }),
      said({ filter: 'keep' }),
      said({ ...metadata, sha256: 'none' }),
      'filename ???',
    ])
      expect(await codeOf(await announce({ 'upload-length': '5', 'upload-metadata': lie }))).toEqual([
        400,
        'input-invalid',
      ]);
    expect(await codeOf(await announce({ 'upload-length': '0', 'upload-metadata': good }))).toEqual([
      400,
      'input-invalid',
    ]);
    expect((await patch('/api/v1/uploads/none', 0, 'a')).status).toBe(404);
  });

  it('gives an upload up', async () => {
    const path = await begun(10);
    await patch(path, 0, 'some');
    expect((await call('DELETE', path, {})).status).toBe(204);
    expect((await call('HEAD', path, {})).status).toBe(404);
  });

  it('asks what is spoken, and is told where it speaks another version', async () => {
    for (const path of ['/api/v1/uploads', '/api/v1/uploads/any']) {
      const { status, headers } = await fetch(test.url + path, { method: 'OPTIONS' });
      const names = ['tus-version', 'tus-resumable', 'tus-max-size', 'tus-extension'];
      expect([status, ...names.map((name) => headers.get(name))]).toEqual([
        204,
        '1.0.0',
        '1.0.0',
        '30000000',
        'creation,creation-with-upload,termination,expiration',
      ]);
    }
    const path = await begun(10);
    for (const said of [{}, { 'tus-resumable': '0.2.2' }]) {
      const answer = await fetch(test.url + path, { method: 'DELETE', headers: said });
      expect([answer.status, answer.headers.get('tus-version')]).toEqual([412, '1.0.0']);
      expect(await answer.json()).toMatchObject({ code: 'protocol-unsupported' });
    }
    expect((await call('HEAD', path, {})).status).toBe(200);
  });

  it('lists what did not come to its end', async () => {
    const path = await begun(10);
    await patch(path, 0, 'some');
    const { status, body } = await test.call<{ items: unknown[] }>('GET', '/api/v1/uploads?batch=b1');
    expect(status).toBe(200);
    expect(body.items).toMatchObject([{ name: 'small.png', batch: 'b1', size: 10, offset: 4 }]);
    expect((await test.call('GET', '/api/v1/uploads?batch=b2')).body).toEqual({ items: [] });
  });
});
