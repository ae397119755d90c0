import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formOf, openTasksGateway, type TasksGateway, upload } from './tasks-gateway.js';

let test: TasksGateway;
let id: string;
beforeAll(async () => {
  test = await openTasksGateway();
  const form = formOf({ filter: 'keep' }, { 'holidays/ä"b;c.png': '0123456789' });
  id = (await upload(test, form)).body.files[0]?.task ?? '';
});
afterAll(() => test.close());

const original = (headers: Record<string, string> = {}) =>
  fetch(`${test.url}/api/v1/tasks/${id}/original`, { headers });

describe('a file', () => {
  it('is sent to be saved, as the image that it is, under its own name', async () => {
    const { status, headers } = await original();
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': '10',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-disposition': `attachment; filename="__22b_c.png"; filename*=UTF-8''%C3%A4%2522b%3Bc.png`,
    });
  });

  it.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=4-', '456789', 'bytes 4-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
  ])('is sent in part: %s', async (range, part, contentRange) => {
    const response = await original({ range });
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([
      206,
      part,
      contentRange,
    ]);
  });

  it.each(['bytes=3-1', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=', 'bytes=a-b'])(
    'is sent whole for what is no one range of bytes: %s',
    async (range) => {
      const response = await original({ range });
      expect([response.status, await response.text()]).toEqual([200, '0123456789']);
    },
  );

  it.each(['bytes=10-', 'bytes=99-100', 'bytes=-0'])('has no such bytes: %s', async (range) => {
    const { status, body } = await test.call('GET', `/api/v1/tasks/${id}/original`, { headers: { range } });
    expect([status, body.code, body.bytes]).toEqual([416, 'range-invalid', 10]);
  });

  it('is sent in part only where it is still the same', async () => {
    const etag = (await original()).headers.get('etag') ?? '';
    expect((await original({ range: 'bytes=0-1', 'if-range': etag })).status).toBe(206);
    expect((await original({ range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
  });

  it('is nothing but bytes where it is said to be what a browser would run', async () => {
    const form = new FormData();
    form.set('filter', 'keep');
    form.append('file', new Blob(['<script>'], { type: 'text/html' }), 'a.html');
    const task = (await upload(test, form)).body.files[0]?.task ?? '';
    const { headers } = await fetch(`${test.url}/api/v1/tasks/${task}/original`);
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toContain('attachment');
  });

  it('that is no task’s, or not there yet, is told so', async () => {
    expect(await test.call('GET', '/api/v1/tasks/t-none/original')).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    });
    const { status, body } = await test.call('GET', `/api/v1/tasks/${id}/result`);
    expect([status, body.code]).toEqual([409, 'result-not-ready']);
  });
});
