import { afterEach, describe, expect, it } from 'vitest';
import { type LinkDouble, linkDouble } from './link-double.js';
import { rawExchange } from './raw-request.js';
import { as, openSignedInGateway, people } from './signed-in-gateway.js';
import { smallExchange } from './small-exchange.js';
import type { TestGateway } from './test-gateway.js';

let test: TestGateway;
let link: LinkDouble;
const open = async (options = {}) => {
  link = linkDouble();
  test = await openSignedInGateway(smallExchange(), { link, ...options });
};
afterEach(() => test.close());

/** The head of a request for an upgrade, with some of its lines replaced; `undefined` leaves one out. */
function upgrade(changes: Readonly<Record<string, string | undefined>> = {}, first?: string): string {
  const lines = {
    Host: `127.0.0.1:${test.gateway.port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    ...changes,
  };
  const head = Object.entries(lines).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return `${[first ?? 'GET /api/v1/agents/link HTTP/1.1', ...head].join('\r\n')}\r\n\r\n`;
}

const send = (bytes: string) => rawExchange(test.gateway.port, bytes);

describe('the stream of an agent', () => {
  it('is handed to the link', async () => {
    await open();
    expect(await send(upgrade())).toMatch(/^HTTP\/1\.1 101 /);
    expect(link.upgraded).toEqual(['/api/v1/agents/link']);
  });

  it.each([
    ['a Host that is not served', { Host: 'evil.example' }, undefined, 403, 'host-refused'],
    ['two Hosts', { host: 'evil.example' }, undefined, 403, 'host-refused'],
    ['a page’s Origin', { Origin: 'http://evil.example' }, undefined, 403, 'host-refused'],
    ['another upgrade', { Upgrade: 'h2c' }, undefined, 400, 'input-invalid'],
    ['two upgrades', { Upgrade: 'websocket, h2c' }, undefined, 400, 'input-invalid'],
    ['a body', { 'Content-Length': '5' }, undefined, 400, 'input-invalid'],
    ['a chunked body', { 'Transfer-Encoding': 'chunked' }, undefined, 400, 'input-invalid'],
    ['another method', {}, 'POST /api/v1/agents/link HTTP/1.1', 400, 'input-invalid'],
    ['another path', {}, 'GET /api/v1/requests HTTP/1.1', 404, 'not-found'],
    ['a path around', {}, 'GET /x/../api/v1/agents/link HTTP/1.1', 404, 'not-found'],
    ['an encoded path', {}, 'GET /api/v1/agents/lin%6b HTTP/1.1', 404, 'not-found'],
    ['a query', {}, 'GET /api/v1/agents/link?party=VU HTTP/1.1', 404, 'not-found'],
    ['two slashes', {}, 'GET //api/v1/agents/link HTTP/1.1', 404, 'not-found'],
    ['another host’s URL', {}, 'GET http://evil.example/api/v1/agents/link HTTP/1.1', 403, 'host-refused'],
  ])('is refused with %s, and what follows is not read', async (_what, changes, first, status, code) => {
    await open();
    const smuggled = `GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${test.gateway.port}\r\n\r\n`;
    const answer = await send(upgrade(changes, first) + smuggled);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain(`"code":"${code}"`);
    expect(answer).toContain('connection: close');
    expect(answer.match(/HTTP\/1\.1 \d/g)?.length).toBe(1);
    expect(link.upgraded).toEqual([]);
  });

  it('counts against floods from one address', async () => {
    await open({ limits: { requestsPerMinute: 1 } });
    expect(await send(upgrade())).toMatch(/^HTTP\/1\.1 101 /);
    const refused = await send(upgrade());
    expect(refused).toMatch(/^HTTP\/1\.1 429 /);
    expect(refused).toContain('retry-after: 60');
  });

  it('is not there without a link', async () => {
    test = await openSignedInGateway(smallExchange());
    const bytes = upgrade({ Connection: 'Upgrade, close' });
    expect(await send(bytes)).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('does not hold up the end of the gateway', async () => {
    const sockets: string[] = [];
    const holding = linkDouble();
    test = await openSignedInGateway(smallExchange(), {
      link: {
        ...holding,
        accept: (_request, socket) => {
          socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
          socket.once('close', () => sockets.push('closed'));
          void test.gateway.close();
        },
      },
    });
    expect(await send(upgrade())).toMatch(/^HTTP\/1\.1 101 /);
    await test.gateway.close();
    expect(sockets).toEqual(['closed']);
  });
});

describe('enrolling', () => {
  it('begins with an operator’s invitation, which says where the gateway is', async () => {
    await open();
    const headers = as('operator');
    const { status, body } = await test.call('POST', '/api/v1/parties/VU/enrolment', { headers });
    expect([status, body.token]).toEqual([201, 'one-time']);
    expect(link.invited).toEqual([{ party: 'VU', url: test.url, by: people.operator.id }]);
    const absent = await test.call('POST', '/api/v1/parties/VUX/enrolment', { headers });
    expect(absent.status).toBe(404);
  });

  it('takes no bodies that no agent sends, and ten a minute', async () => {
    await open();
    const redeem = (body: unknown) => test.call('POST', '/api/v1/enrolments', { body });
    expect((await redeem({ party: 'VU', secret: 'x' })).status).toBe(400);
    expect((await redeem({ secret: 'x'.repeat(20_000) })).status).toBe(413);
    for (let index = 2; index < 10; index += 1) await redeem({});
    expect((await redeem({})).status).toBe(429);
  });
});
