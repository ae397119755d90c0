import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { ManualClock } from '../../../../kernel/clock/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { pinKey, type SigningKey } from '../../../../kernel/identity/index.js';
import { madeKey } from '../../../../kernel/identity/made-key.js';
import { MadeAgent } from '../made-agent.js';
import { madeLink, until } from '../made-link.js';
import { answer, greet, socketTo, stranger } from '../made-stranger.js';
import { linkLimits, linkPath } from '../wire/limits.js';
import { challenge } from '../wire/messages.js';
import { nonce } from './nonce.js';
import { prove } from './proof.js';

type Link = Awaited<ReturnType<typeof madeLink>>;

let link: Link;
let vu: SigningKey;

beforeEach(async () => {
  link = await madeLink();
  vu = (await link.enrol('VU')).key;
});
afterEach(() => link.close());

const now = () => link.clock.wallTime();

describe('a gateway that is greeted', () => {
  it('welcomes the key that is pinned', async () => {
    const stream = await stranger(link);
    const { greeting } = await greet(stream, 'VU', vu);
    const welcomed = await answer(stream, await prove('agent', greeting, vu, now()));
    expect(welcomed).toMatchObject({ boot: greeting.gatewayBoot, waiting: [] });
  });

  it('refuses a party that is not enrolled', async () => {
    const stream = await stranger(link);
    const key = madeKey();
    const { greeting } = await greet(stream, 'UVA', key);
    await expect(answer(stream, await prove('agent', greeting, key, now()))).rejects.toMatchObject({
      code: 'signature-invalid',
      message: expect.stringContaining('UVA is not enrolled'),
    });
  });

  it('refuses a key that is not the one pinned for the party', async () => {
    const stream = await stranger(link);
    const key = madeKey();
    const { greeting } = await greet(stream, 'VU', key);
    await expect(answer(stream, await prove('agent', greeting, key, now()))).rejects.toMatchObject({
      code: 'signature-invalid',
      message: expect.stringContaining('not the one that is pinned here for VU'),
    });
  });

  it('refuses the key of another party', async () => {
    const uva = (await link.enrol('UVA')).key;
    const stream = await stranger(link);
    const { greeting } = await greet(stream, 'VU', uva);
    await expect(answer(stream, await prove('agent', greeting, uva, now()))).rejects.toMatchObject({
      code: 'signature-invalid',
    });
  });

  it('refuses a proof by somebody who only names the pinned key', async () => {
    const stream = await stranger(link);
    const { greeting } = await greet(stream, 'VU', vu);
    const thief: SigningKey = { ...madeKey(), publicKey: vu.publicKey };
    await expect(answer(stream, await prove('agent', greeting, thief, now()))).rejects.toMatchObject({
      code: 'signature-invalid',
    });
  });

  it('refuses a proof that was shown before', async () => {
    const first = await stranger(link);
    const fresh = nonce();
    const { greeting } = await greet(first, 'VU', vu, fresh);
    const proof = await prove('agent', greeting, vu, now());
    await answer(first, proof);
    const second = await stranger(link);
    await greet(second, 'VU', vu, fresh);
    await expect(answer(second, proof)).rejects.toMatchObject({
      code: 'signature-invalid',
      message: expect.stringContaining('for another stream'),
    });
  });

  it("refuses its own proof as the agent's", async () => {
    const stream = await stranger(link);
    const { proof } = await greet(stream, 'VU', vu);
    await expect(answer(stream, proof)).rejects.toMatchObject({ code: 'signature-invalid' });
  });

  it('refuses a proof that was meant for another gateway', async () => {
    const other = await madeLink();
    await other.enrol('VU', undefined);
    const stream = await stranger(link);
    const elsewhere = await stranger(other);
    const { greeting } = await greet(stream, 'VU', vu);
    const relayed = { ...greeting, gatewayKey: other.gatewayKey.key.publicKey.kid };
    await expect(answer(stream, await prove('agent', relayed, vu, now()))).rejects.toMatchObject({
      code: 'signature-invalid',
      message: expect.stringContaining('gatewayKey differs'),
    });
    elsewhere.drop(new StarlingError('shutting-down', 'The test is over.'));
    await other.close();
  });

  it.each([-60_001, 60_001])('names a clock that differs by %i ms', async (difference) => {
    const stream = await stranger(link);
    const { greeting } = await greet(stream, 'VU', vu);
    const proof = await prove('agent', greeting, vu, now() + difference);
    await expect(answer(stream, proof)).rejects.toMatchObject({
      code: 'clock-skewed',
      message: expect.stringMatching(/2023-12-31T23:58:59.999Z|2024-01-01T00:01:00.001Z/),
    });
  });

  it('refuses another version of the protocol', async () => {
    const stream = await stranger(link);
    const own = { party: 'VU', key: vu.publicKey.kid, nonce: nonce(), boot: nonce() };
    stream.send({ type: 'hello', protocol: 2, ...own });
    await expect(stream.next(challenge, 'a challenge')).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('version 2'),
    });
  });

  it.each([
    ['what it does not know', { type: 'execute', order: 'x' }],
    ['a member too much', { type: 'hello', protocol: 1, party: 'VU', admin: true }],
    ['a large message', { type: 'hello', party: 'V'.repeat(linkLimits.greetingBytes) }],
  ])('ends a stream that says %s', async (_what, message) => {
    const stream = await stranger(link);
    stream.send(message);
    expect(await stream.ended).toMatchObject({ why: 'refused', error: { code: 'input-invalid' } });
  });

  it('ends a stream that goes on before it is answered', async () => {
    const stream = await stranger(link);
    for (let word = 0; word < 9; word += 1) stream.send({ type: 'hello' });
    expect(await stream.ended).toMatchObject({ why: 'refused', error: { code: 'input-invalid' } });
  });

  it('ends a stream that sends rows before it is known', async () => {
    const stream = await stranger(link);
    stream.sendRows({ call: 1, offset: 0, bytes: Buffer.from('rows') });
    expect(await stream.ended).toMatchObject({ why: 'refused', error: { code: 'input-invalid' } });
  });

  it.each([
    ['texts', (socket: WebSocket) => socket.send('{"type":"hello"}')],
    [
      'frames that are too large',
      (socket: WebSocket) => socket.send(Buffer.alloc(linkLimits.frameBytes + 1)),
    ],
    ['frames of no kind', (socket: WebSocket) => socket.send(Buffer.of(9, 9, 9))],
    ['empty frames', (socket: WebSocket) => socket.send(Buffer.alloc(0))],
    ['what is no JSON', (socket: WebSocket) => socket.send(Buffer.concat([Buffer.of(2), Buffer.from('{')]))],
  ])('closes a socket that sends %s', async (_what, send) => {
    const socket = socketTo(link);
    await once(socket, 'open');
    send(socket);
    const [code] = await once(socket, 'close');
    expect([1000, 1009]).toContain(code);
  });

  it('gives silence ten seconds', async () => {
    const stream = await stranger(link);
    // one that follows is welcomed, so that the first is being greeted by now
    const other = await stranger(link);
    await greet(other, 'VU', vu);
    link.clock.advance(linkLimits.greetingMs);
    expect(await stream.ended).toMatchObject({ why: 'refused', error: { code: 'time-limit' } });
  });

  it('greets only so many at a time, and others when those have gone', async () => {
    const crowd = await Promise.all(
      Array.from({ length: linkLimits.greetingsOfAddress }, () => stranger(link)),
    );
    const late = socketTo(link);
    const [error] = await once(late, 'error');
    expect(error.message).toContain('503');
    crowd[0]?.drop(new StarlingError('shutting-down', 'Enough.'));
    await crowd[0]?.closed;
    const agent = new MadeAgent();
    const connection = link.connect(agent, { key: vu, changes: [] });
    const advance = connection.onChange(() => {
      if (connection.status().state === 'waiting') queueMicrotask(() => link.clock.advance(200));
    });
    await until(connection.onChange.bind(connection), () => connection.status().state === 'connected');
    advance();
    for (const one of crowd) one.drop(new StarlingError('shutting-down', 'Enough.'));
  });

  it('survives a peer that breaks off in the middle of the upgrade', async () => {
    const { hostname, port } = new URL(link.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(`GET ${linkPath} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    const [reply] = await once(socket, 'data');
    expect(String(reply)).toContain('400 Bad Request');
    socket.destroy();
    await greet(await stranger(link), 'VU', vu);
  });
});

describe('an agent', () => {
  const waiting = async (connection: ReturnType<Link['connect']>) => {
    await until(connection.onChange.bind(connection), () => connection.status().state === 'waiting');
    return connection.status().error;
  };

  it('says nothing about itself to a gateway whose key is not pinned', async () => {
    const pinned = pinKey(madeKey().publicKey);
    const connection = link.connect(new MadeAgent(), { key: vu, changes: [] }, { gatewayKeys: () => pinned });
    expect(await waiting(connection)).toMatchObject({ code: 'signature-invalid' });
    expect(link.server.directory.get('VU')?.status().online).toBe(false);
  });

  it('says that it is not enrolled', async () => {
    const connection = link.connect(new MadeAgent('UVA'), { key: madeKey(), changes: [] });
    expect(await waiting(connection)).toMatchObject({
      code: 'signature-invalid',
      message: expect.stringContaining('UVA is not enrolled at this gateway'),
    });
  });

  it('says that the clocks differ', async () => {
    const clock = new ManualClock(now() + 61_000);
    const connection = link.connect(new MadeAgent(), { key: vu, changes: [] }, { clock });
    expect(await waiting(connection)).toMatchObject({ code: 'clock-skewed' });
  });

  it.each(['http://gateway.example', 'ftp://gateway.example', 'gateway'])('does not dial %s', (url) => {
    expect(() => link.connect(new MadeAgent(), { key: vu, changes: [] }, { url })).toThrow(
      expect.objectContaining({ code: 'configuration-invalid' }),
    );
  });

  it('says that nobody listens, and waits longer each time', async () => {
    const { url } = link;
    await link.close();
    const connection = link.connect(new MadeAgent(), { key: vu, changes: [] }, { url });
    expect(await waiting(connection)).toMatchObject({ code: 'gateway-unreachable' });
    expect(link.clock.nextTimerIn).toBe(100);
    link.clock.advance(100);
    await until(connection.onChange.bind(connection), () => connection.status().state === 'connecting');
    await waiting(connection);
    expect(link.clock.nextTimerIn).toBe(200);
    await connection.close();
    link = await madeLink();
  });
});
