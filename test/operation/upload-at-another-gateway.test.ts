import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingEtcd } from '../servers/etcd.js';
import { missingNats } from '../servers/nats.js';
import { Gateways } from './gateways.js';
import type { Serving } from './starling-process.js';

const missing = missingEtcd() ?? missingNats();
if (missing !== undefined)
  console.log(`Skipped: an upload that goes on at another gateway, because ${missing}.`);

/** More than two pieces, of which what has come whole is kept. */
const content = Buffer.alloc(20_000_000);
for (let at = 0; at + 4 <= content.length; at += 4) content.writeUInt32LE(at, at);
/** How much the first gateway gets before it is killed: more than the 8 MiB of a piece. */
const sentFirst = 12_000_000;

let gateways: Gateways;
let first: Serving;
let token: string;

/** A request by the tus protocol. */
function call(number: 0 | 1, method: string, path: string, headers: Record<string, string>, body?: Buffer) {
  return fetch(`${gateways.url(number)}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0', ...headers },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  });
}

const said = (values: Record<string, string>) =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',');

/** How many bytes of an upload the second gateway says are there. */
async function offsetAt(path: string): Promise<number> {
  const { status, headers } = await call(1, 'HEAD', path, {});
  expect(status).toBe(200);
  return Number(headers.get('upload-offset'));
}

describe.skipIf(missing !== undefined)('a file that comes in pieces', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    gateways = await Gateways.open();
    first = await gateways.gateway(0);
    await gateways.gateway(1);
    token = await gateways.token('requester');
  }, 240_000);
  afterAll(() => gateways?.close());

  it('goes on at the other gateway where the first is killed in the middle of a request', async () => {
    const begun = await call(0, 'POST', '/api/v1/uploads', {
      'upload-length': String(content.length),
      'upload-metadata': said({ filename: 'large.tiff', filter: 'grayscale', batch: 'b1' }),
    });
    expect(begun.status).toBe(201);
    const path = begun.headers.get('location') ?? '';
    const socket = connect(gateways.ports[0], '127.0.0.1');
    const broken = new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      // a connection to what is killed may be reset
      socket.once('error', () => resolve());
    });
    const head = [
      `PATCH ${path} HTTP/1.1`,
      `host: 127.0.0.1:${gateways.ports[0]}`,
      `authorization: Bearer ${token}`,
      'tus-resumable: 1.0.0',
      'upload-offset: 0',
      'content-type: application/offset+octet-stream',
      `content-length: ${content.length}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    await new Promise<unknown>((resolve) => socket.write(content.subarray(0, sentFirst), resolve));
    // the first piece is there, seen from the other gateway while the request goes on; nothing but HEAD tells it
    let offset = 0;
    for (; offset === 0; offset = await offsetAt(path));
    first.child.kill('SIGKILL');
    await broken;
    offset = await offsetAt(path);
    expect(offset).toBeGreaterThan(0);
    expect(offset).toBeLessThanOrEqual(sentFirst);
    const rest = await call(
      1,
      'PATCH',
      path,
      { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      content.subarray(offset),
    );
    expect([rest.status, rest.headers.get('upload-offset')]).toEqual([204, String(content.length)]);
    const task = rest.headers.get('starling-task') ?? '';
    const read = await call(1, 'GET', `/api/v1/tasks/${task}/original`, {});
    expect(Buffer.from(await read.arrayBuffer()).equals(content)).toBe(true);
    // the same offset is given to whoever asks again, and the first gateway's bytes are nobody's second task
    expect(await offsetAt(path)).toBe(content.length);
    const all = (await (await call(1, 'GET', '/api/v1/tasks', {})).json()) as {
      items: readonly { id: string }[];
    };
    expect(all.items.map(({ id }) => id)).toEqual([task]);
  });
});
