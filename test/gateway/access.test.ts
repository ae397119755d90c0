import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawExchange, rawRequest } from './raw-request.js';
import { openTestGateway, type TestGateway } from './test-gateway.js';

let test: TestGateway;
beforeAll(async () => {
  test = await openTestGateway({}, { allowedHosts: ['starling.example'] });
});
afterAll(() => test.close());

const paths = [
  ['GET', '/'],
  ['GET', '/docs'],
  ['GET', '/docs/errors'],
  ['GET', '/docs/json'],
  ['GET', '/docs/static/swagger-ui.css'],
  ['GET', '/openapi.json'],
  ['GET', '/metrics'],
  ['GET', '/healthz'],
  ['GET', '/readyz'],
  ['GET', '/api/v1/status'],
  ['GET', '/api/v1/requests/r-1/events'],
  ['POST', '/api/v1/requests'],
  ['DELETE', '/api/v1/jobs/j-1'],
  ['PATCH', '/api/v1/requests'],
  ['GET', '/nothing'],
  ['GET', '/%'],
] as const;

describe('a Host or Origin that is not served', () => {
  it.each(paths)('is refused at %s %s, with nothing else said', async (method, path) => {
    const { port } = test.gateway;
    const served = `127.0.0.1:${port}`;
    for (const headers of [
      { host: `evil.example:${port}` },
      { host: served, origin: 'http://evil.example' },
    ]) {
      const answer = await rawRequest(port, method, path, headers);
      expect(answer.status).toBe(403);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'host-refused' });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('leaves those that are served alone', async () => {
    const { port } = test.gateway;
    for (const host of [
      `localhost:${port}`,
      `[::1]:${port}`,
      'starling.example',
      `starling.example:${port}`,
    ]) {
      const answer = await rawRequest(port, 'GET', '/healthz', { host, origin: `http://${host}` });
      expect([host, answer.status]).toEqual([host, 200]);
    }
  });
});

describe('every answer', () => {
  it.each(paths)('at %s %s may not be sniffed, framed or kept by a page', async (method, path) => {
    const host = `127.0.0.1:${test.gateway.port}`;
    // a request that the double refuses ends as a problem, which is as good here
    const { headers } = await rawRequest(test.gateway.port, method, path, { host });
    expect(headers['x-content-type-options']).toBe('nosniff');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    if (path.startsWith('/api')) expect(headers['cache-control']).toBe('no-store');
  });
});

describe('the documentation', () => {
  it('takes every file from here', async () => {
    const page = await (await fetch(`${test.url}/docs`)).text();
    const files = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) {
      expect(file).toMatch(/^\/docs\//);
      const response = await fetch(test.url + file);
      expect([file, response.status]).toEqual([file, 200]);
      await response.arrayBuffer();
    }
    expect(page).not.toMatch(/<script>|onload=|style=/);
  });

  it('has no file beyond its own', async () => {
    for (const path of [
      '/docs/static/nothing.js',
      '/docs/static/..%2f..%2fpackage.json',
      '/docs/static/.env',
    ]) {
      const response = await fetch(test.url + path);
      expect([path, response.status]).toEqual([path, 404]);
      expect(await response.json()).toMatchObject({ code: 'not-found' });
    }
  });
});

describe('what is no HTTP', () => {
  it('is answered with a problem, and the connection is closed', async () => {
    const answer = await rawExchange(test.gateway.port, 'nonsense\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"input-invalid"');
    expect(answer).toContain('x-content-type-options: nosniff');
  });

  it('neither are headers without end', async () => {
    const header = `x-long: ${'x'.repeat(20_000)}\r\n`;
    const answer = await rawExchange(test.gateway.port, `GET / HTTP/1.1\r\nHost: localhost\r\n${header}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"input-too-large"');
  });
});

describe('an address', () => {
  it.each(['0.0.0.0', '::', '10.0.0.1', 'example.org'])('that others reach, %s, is refused', async (host) => {
    await expect(openTestGateway({}, { host })).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining(host),
    });
  });

  it('whose port is taken says so, and how to choose another', async () => {
    const { port } = test.gateway;
    await expect(openTestGateway({}, { port })).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringMatching(new RegExp(`port ${port} .*--port`)),
    });
  });

  it('localhost is 127.0.0.1', async () => {
    const other = await openTestGateway({}, { host: 'localhost' });
    expect(other.url).toBe(`http://127.0.0.1:${other.gateway.port}`);
    expect((await fetch(`http://localhost:${other.gateway.port}/healthz`)).status).toBe(200);
    await other.close();
  });
});
