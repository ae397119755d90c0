import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawExchange } from './raw-request.js';
import { as, openSignedInGateway, people } from './signed-in-gateway.js';
import { smallExchange } from './small-exchange.js';
import type { TestGateway } from './test-gateway.js';

/** Requests that two readers would read in two ways, names that mean something else than they look, and bodies without end. */
let test: TestGateway;
let asked: string[] = [];
beforeAll(async () => {
  const exchange = smallExchange();
  test = await openSignedInGateway(
    {
      ...exchange,
      putObject: async (kind, name) => {
        asked.push(`put ${kind} ${name}`);
        return 2;
      },
      removeObject: async (kind, name) => {
        asked.push(`remove ${kind} ${name}`);
      },
      revoke: async (id) => {
        asked.push(`revoke ${id}`);
        throw new Error('Nobody may come here.');
      },
    },
    {
      sendTimes: { headersMs: 200, requestMs: 400 },
      bodyLimitBytes: 10_000,
      limits: { failedSignInsPerMinute: 10_000 },
    },
  );
});
afterAll(() => test.close());

const host = () => `Host: 127.0.0.1:${test.gateway.port}`;
const status = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
const send = (...lines: string[]) => rawExchange(test.gateway.port, lines.join('\r\n'));

describe('a request that can be read in two ways', () => {
  const smuggled = 'DELETE /api/v1/agreements/VU HTTP/1.1\r\nAuthorization: Bearer VU\r\n';

  it.each([
    ['length and chunks', ['Content-Length: 6', 'Transfer-Encoding: chunked', '', '0', '', smuggled]],
    ['chunks and length', ['Transfer-Encoding: chunked', 'Content-Length: 6', '', '0', '', smuggled]],
    ['two lengths', ['Content-Length: 2', 'Content-Length: 40', '', `{}${smuggled}`]],
    ['a list of lengths', ['Content-Length: 2, 40', '', `{}${smuggled}`]],
    ['a signed length', ['Content-Length: +2', '', `{}${smuggled}`]],
    ['a negative length', ['Content-Length: -1', '', `{}${smuggled}`]],
    ['a length in hexadecimal', ['Content-Length: 0x2', '', `{}${smuggled}`]],
    ['a coding that is not known', ['Transfer-Encoding: xchunked', '', '0', '', smuggled]],
    ['a coding in disguise', ['Transfer-Encoding: chunked, identity', '', '0', '', smuggled]],
    ['a space before the colon', ['Transfer-Encoding : chunked', 'Content-Length: 2', '', `{}${smuggled}`]],
    [
      'a folded header',
      ['X-One: a', ' Transfer-Encoding: chunked', 'Content-Length: 2', '', `{}${smuggled}`],
    ],
    ['a bare line feed', ['X-One: a\nTransfer-Encoding: chunked', 'Content-Length: 2', '', `{}${smuggled}`]],
    [
      'a bare carriage return',
      ['X-One: a\rTransfer-Encoding: chunked', 'Content-Length: 2', '', `{}${smuggled}`],
    ],
    ['a NUL in a value', ['X-One: a\0b', 'Content-Length: 2', '', `{}${smuggled}`]],
    ['a chunk of a size that is none', ['Transfer-Encoding: chunked', '', 'zz', '', smuggled]],
    ['a header without a name', [': value', 'Content-Length: 2', '', `{}${smuggled}`]],
  ])('is refused, and nothing after it is read: %s', async (_what, lines) => {
    asked = [];
    const answer = await send(
      'POST /api/v1/requests HTTP/1.1',
      host(),
      'Authorization: Bearer ada',
      'Content-Type: application/json',
      ...lines,
      host(),
      '',
      '',
    );
    expect(status(answer)).toBe(400);
    expect(answer.match(/HTTP\/1\.1 \d{3}/g)?.length).toBe(1);
    expect(asked).toEqual([]);
  });

  it.each([
    ['another person’s after it', ['Authorization: Bearer ada', 'Authorization: Bearer operator']],
    ['another person’s before it', ['Authorization: Bearer operator', 'authorization: Bearer ada']],
    ['both in one', ['Authorization: Bearer ada, Bearer operator']],
    ['a line break in it', ['Authorization: Bearer ada\n operator']],
  ])('is not believed with two tokens: %s', async (_what, headers) => {
    const answer = await send('GET /api/v1/status HTTP/1.1', host(), ...headers, 'Connection: close', '', '');
    expect([400, 401]).toContain(status(answer));
    expect(answer).not.toContain('uptimeSeconds');
  });

  it.each([
    ['X-HTTP-Method-Override: DELETE'],
    ['X-Forwarded-User: olga@consortium.example'],
    ['X-Original-URL: /healthz'],
    ['X-Rewrite-URL: /healthz'],
    ['X-Forwarded-Host: evil.example'],
    ['Cookie: token=operator; access_token=operator'],
    ['Proxy-Authorization: Bearer operator'],
  ])('gains nothing by %s', async (header) => {
    const path = 'GET /api/v1/status HTTP/1.1';
    const answer = await send(path, host(), 'Authorization: Bearer ada', header, 'Connection: close', '', '');
    expect(status(answer)).toBe(403);
    expect(status(await send(path, host(), header, 'Connection: close', '', ''))).toBe(401);
  });
});

describe('a name in a path', () => {
  const names = [
    '..',
    '%2e%2e',
    '..%2f..%2fetc%2fpasswd',
    '..%5c..%5cetc',
    '%2fVU',
    'VU%2f',
    'VU%00',
    '%00',
    'VU%20',
    'VU%0d%0aX-Evil:%201',
    '%c0%ae%c0%ae',
    '%',
    '%zz',
    'VU;steward=VU',
    'VU%3fparty=VU',
    'vu',
    `${'V'.repeat(300)}`,
    '__proto__',
    'constructor',
  ];
  const paths = [
    ['PUT', '/api/v1/agreements/NAME'],
    ['DELETE', '/api/v1/agreements/NAME'],
    ['GET', '/api/v1/agreements/NAME'],
    ['GET', '/api/v1/parties/NAME/audit'],
  ] as const;

  it.each(paths.flatMap(([method, path]) => names.map((name) => [method, path, name] as const)))(
    'lets UVA’s steward %s nothing at %s as %s',
    async (method, path, name) => {
      asked = [];
      const target = path.replace('NAME', name);
      const body = method === 'PUT' ? '{"relations":{}}' : '';
      const length = body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${body.length}`];
      const headers = [host(), 'Authorization: Bearer UVA', 'Connection: close', ...length];
      const answer = await send(`${method} ${target} HTTP/1.1`, ...headers, '', body);
      expect([400, 403, 404, 405]).toContain(status(answer));
      expect(answer).not.toMatch(/X-Evil: 1|root:/);
      expect(asked).toEqual([]);
    },
  );

  it.each(names)('is no request, job, data set or file: %s', async (name) => {
    for (const path of ['data-sets/NAME', 'archetypes/NAME', 'parties/NAME']) {
      const target = `/api/v1/${path.replace('NAME', name)}`;
      const answer = await send(
        `GET ${target} HTTP/1.1`,
        host(),
        'Authorization: Bearer operator',
        'Connection: close',
        '',
        '',
      );
      expect([400, 404]).toContain(status(answer));
      expect(answer).toContain('application/problem+json');
    }
  });

  it.each([
    '/docs/../api/v1/status',
    '/docs/static/../../api/v1/status',
    '/docs/%2e%2e/api/v1/status',
    '/healthz/../metrics',
  ])('does not make what is for anyone lead to what is not: %s', async (target) => {
    const answer = await send(`GET ${target} HTTP/1.1`, host(), 'Connection: close', '', '');
    expect(answer).not.toMatch(/uptimeSeconds|process_cpu/);
    expect(status(answer)).not.toBe(200);
  });
});

describe('a steward of one party', () => {
  it.each([
    ['PUT', '/api/v1/agreements/VU'],
    ['DELETE', '/api/v1/agreements/VU'],
    ['GET', '/api/v1/agreements/VU'],
    ['GET', '/api/v1/parties/VU/audit'],
    ['DELETE', '/api/v1/jobs/ada-00000001?cause=x'],
  ])('may not %s %s', async (method, path) => {
    asked = [];
    const body = method === 'PUT' ? { body: { relations: {} } } : {};
    const answer = await test.call(method, path, { ...body, headers: as('UVA') });
    expect(answer.status).toBe(403);
    expect(asked).toEqual([]);
  });

  it('is told of by the name of the person alone', async () => {
    const { body } = await test.call('PUT', '/api/v1/agreements/VU', {
      body: { relations: {} },
      headers: as('UVA'),
    });
    expect(body.detail).toContain(people.UVA.id);
  });
});

describe('what is too long or too slow', () => {
  it('a body that is longer than it may be is not read to its end', async () => {
    const answer = await send(
      'POST /api/v1/requests HTTP/1.1',
      host(),
      'Authorization: Bearer ada',
      'Content-Type: application/json',
      'Content-Length: 1000000000',
      '',
      '{',
    );
    expect(status(answer)).toBe(413);
  });

  it('a chunked body without end neither', async () => {
    const chunk = `1000\r\n${'x'.repeat(4096)}\r\n`;
    const answer = await send(
      'POST /api/v1/requests HTTP/1.1',
      host(),
      'Authorization: Bearer ada',
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
      '',
      chunk.repeat(4),
    );
    expect(status(answer)).toBe(413);
  });

  it.each([
    ['one header', `X-Long: ${'x'.repeat(20_000)}`],
    ['many headers', Array.from({ length: 2_000 }, (_, index) => `X-${index}: 12345678`).join('\r\n')],
    ['a token', `Authorization: Bearer ${'x'.repeat(20_000)}`],
  ])('%s without end is refused', async (_what, header) => {
    expect(status(await send('GET /healthz HTTP/1.1', host(), header, '', ''))).toBe(413);
  });

  it('a connection on which nothing is asked is ended without an answer', async () => {
    expect(await rawExchange(test.gateway.port, '')).toBe('');
  });

  it('a path without end is refused', async () => {
    expect(status(await send(`GET /${'x'.repeat(20_000)} HTTP/1.1`, host(), '', ''))).toBe(413);
  });

  it.each([
    ['headers', () => ['GET /healthz HTTP/1.1', host(), 'X-Slow: ']],
    ['a request line', () => ['GET /heal']],
    [
      'a body',
      () => [
        'POST /api/v1/requests HTTP/1.1',
        host(),
        'Authorization: Bearer ada',
        'Content-Type: application/json',
        'Content-Length: 100',
        '',
        '{',
      ],
    ],
  ])('%s that never end are cut off by the server', async (_what, lines) => {
    const socket = connect(test.gateway.port, '127.0.0.1');
    await once(socket, 'connect');
    const answered = text(socket);
    socket.write(lines().join('\r\n'));
    expect([400, 408]).toContain(status(await answered));
  });

  it('JSON that is nested without end is refused', async () => {
    const nested = '['.repeat(4_000) + ']'.repeat(4_000);
    const { status: got } = await test.call('POST', '/api/v1/requests', { body: nested, headers: as('ada') });
    expect(got).toBe(400);
  });

  it.each(['{"__proto__":{"roles":["operator"]}}', '{"constructor":{"prototype":{"x":1}}}'])(
    'a body that reaches for prototypes is refused: %s',
    async (body) => {
      const { status: got } = await test.call('POST', '/api/v1/requests', { body, headers: as('ada') });
      expect(got).toBe(400);
    },
  );
});
