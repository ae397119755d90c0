import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawExchange } from './raw-request.js';
import { openTestGateway, type TestGateway } from './test-gateway.js';

/** Pages of others that reach the gateway under names of their own, and targets that say something else than Host. */
let test: TestGateway;
beforeAll(async () => {
  test = await openTestGateway({}, { allowedHosts: ['starling.example'] });
});
afterAll(() => test.close());

/** What is sent; PORT stands for the port. */
async function send(first: string, ...headers: string[]): Promise<string> {
  const text = [first, ...headers, 'Connection: close', '', ''].join('\r\n');
  return rawExchange(test.gateway.port, text.replaceAll('PORT', String(test.gateway.port)));
}

const get = 'GET /api/v1/status HTTP/1.1';

describe('a name that is not the gateway’s', () => {
  it.each([
    'evil.example',
    'evil.example:PORT',
    'localhost.evil.example:PORT',
    '127.0.0.1.evil.example:PORT',
    '127.0.0.1.nip.io:PORT',
    'evil.example#localhost:PORT',
    'evil.example@localhost:PORT',
    'localhost:PORT@evil.example',
    'localhost:PORT/evil.example',
    'localhost:PORT, evil.example',
    'localhost.:PORT',
    'starling.example.',
    'starling.example.evil.example',
    'xn--starling-example',
    'starling%2Eexample',
    'localhost',
    'localhost:80',
    'localhost:0PORT',
    'localhost:',
    '127.1:PORT',
    '127.0.0.2:PORT',
    '2130706433:PORT',
    '0x7f.0.0.1:PORT',
    '0177.0.0.1:PORT',
    '0.0.0.0:PORT',
    '::1:PORT',
    '[::1%25lo]:PORT',
    '[::ffff:127.0.0.1]:PORT',
    '[0:0:0:0:0:0:0:1]:PORT',
    '[::]:PORT',
    '',
    '   ',
  ])('is refused as Host "%s"', async (host) => {
    const answer = await send(get, `Host: ${host}`);
    expect(answer).toMatch(/^HTTP\/1\.1 (403|400) /);
    expect(answer).toMatch(/"code":"(host-refused|input-invalid)"/);
  });

  it.each([
    'null',
    'http://evil.example',
    'http://localhost',
    'http://localhost:PORT.evil.example',
    'http://localhost:PORT@evil.example',
    'http://evil.example/http://localhost:PORT',
    'http://localhost.:PORT',
    'file://localhost:PORT',
    'chrome-extension://localhost:PORT',
    'http://127.1:PORT',
    'http://2130706433:PORT',
    'http://[::ffff:7f00:1]:PORT',
    'http://localhost:PORT http://evil.example',
  ])('is refused as Origin "%s"', async (origin) => {
    const answer = await send(get, 'Host: localhost:PORT', `Origin: ${origin}`);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain('"code":"host-refused"');
  });

  it.each([
    'GET http://evil.example/api/v1/status HTTP/1.1',
    'GET http://evil.example:PORT/healthz HTTP/1.1',
    'GET //evil.example/healthz HTTP/1.1',
    'GET http://localhost:PORT@evil.example/healthz HTTP/1.1',
    'GET https://localhost/healthz HTTP/1.1',
    'CONNECT evil.example:443 HTTP/1.1',
    'OPTIONS http://evil.example HTTP/1.1',
  ])('is never gone to by "%s"', async (first) => {
    const answer = await send(first, 'Host: localhost:PORT');
    expect(answer).not.toMatch(/^HTTP\/1\.1 [23]/);
    expect(answer).not.toContain('"status":"ok"');
  });
});

describe('a name that is told twice', () => {
  it.each([
    ['the same', ['Host: localhost:PORT', 'Host: localhost:PORT']],
    ['another after it', ['Host: localhost:PORT', 'Host: evil.example']],
    ['another before it', ['Host: evil.example', 'host: localhost:PORT']],
    ['two origins', ['Host: localhost:PORT', 'Origin: http://localhost:PORT', 'Origin: http://evil.example']],
  ])('is refused: %s', async (_what, headers) => {
    const answer = await send(get, ...headers);
    expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(answer).not.toContain('uptimeSeconds');
  });

  it('and one that is not told at all', async () => {
    expect(await send(get)).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(await send('GET /api/v1/status HTTP/1.0')).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe('the names of the gateway', () => {
  it.each(['localhost:PORT', 'LocalHost:PORT', '127.0.0.1:PORT', '[::1]:PORT', 'starling.example'])(
    'are served: %s',
    async (host) => {
      expect(await send(get, `Host: ${host}`)).toMatch(/^HTTP\/1\.1 200 /);
    },
  );
});
