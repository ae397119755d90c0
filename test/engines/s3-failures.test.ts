import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openS3Blobs } from '../../src/kernel/blobs/index.js';
import { expectError } from '../../src/kernel/errors/expect-error.js';
import { missingS3, type S3Server } from '../servers/s3.js';
import { giveS3Credentials, openOn, s3Client, startS3With } from './s3-harness.js';

const missing = missingS3();
if (missing !== undefined) console.log(`Failures of S3 are not tested: ${missing}`);

const bucket = 'failures';
let server: S3Server;

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

beforeAll(async () => {
  if (missing === undefined) server = await startS3With(bucket);
});

beforeEach(() => giveS3Credentials());

afterAll(async () => {
  vi.unstubAllEnvs();
  if (missing === undefined) await server.close();
});

describe.skipIf(missing !== undefined)('blobs in S3', () => {
  it('are not opened where there is no such bucket', async () => {
    await expectError(openOn(server, { bucket: 'nowhere' }), 'storage-failed');
  });

  it('are not opened with credentials that are wrong, or with none', async () => {
    giveS3Credentials('close sesame');
    await expectError(openOn(server, { bucket }), 'storage-refused');
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
    await expectError(openOn(server, { bucket }), 'storage-refused');
  });

  it('are not opened where another store is there than before, or an empty one', async () => {
    const first = await openOn(server, { bucket, prefix: 'first' });
    const { identity } = first;
    await first.close();
    const again = await openOn(server, { bucket, prefix: 'first', expected: identity });
    expect(again.identity).toBe(identity);
    await again.close();
    await expectError(openOn(server, { bucket, prefix: 'empty', expected: identity }), 'storage-replaced');
    await (await openOn(server, { bucket, prefix: 'second' })).close();
    await expectError(openOn(server, { bucket, prefix: 'second', expected: identity }), 'storage-replaced');
  });

  it('are not opened where another version wrote them, or somebody else', async () => {
    const put = (prefix: string, record: object) =>
      s3Client(server).send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: `${prefix}/starling.json`,
          Body: JSON.stringify(record),
        }),
      );
    await put('newer', { starling: 'blobs', version: 2, identity: 'one' });
    await expectError(openOn(server, { bucket, prefix: 'newer' }), 'storage-version');
    await put('foreign', { name: 'a bird' });
    await expectError(openOn(server, { bucket, prefix: 'foreign' }), 'storage-failed');
  });

  it('say where the store is away, and go on when it is back', async () => {
    const blobs = await openOn(server, { bucket, prefix: 'away' });
    const { hash } = await blobs.write(bytesOf('lasting'), { owner: 'one' });
    await server.kill();
    await expectError(blobs.read(hash), 'storage-unavailable');
    await expectError(blobs.write(bytesOf('other'), { owner: 'one' }), 'storage-unavailable');
    await expectError(openOn(server, { bucket, prefix: 'away' }), 'storage-unavailable');
    await server.restart();
    const read: Buffer[] = [];
    for await (const piece of await blobs.read(hash)) read.push(piece);
    expect(Buffer.concat(read).toString()).toBe('lasting');
    await blobs.close();
  }, 120_000);

  it('fail a read whose store goes away in the middle', async () => {
    const blobs = await openOn(server, { bucket, prefix: 'middle' });
    async function* large() {
      for (let count = 0; count < 60; count += 1) yield Buffer.alloc(1_000_000, count);
    }
    const { hash } = await blobs.write(large(), { owner: 'one' });
    const stream = await blobs.read(hash);
    const reading = async () => {
      let pieces = 0;
      for await (const _ of stream) {
        pieces += 1;
        if (pieces === 2) await server.kill();
      }
    };
    await expectError(reading(), 'storage-unavailable');
    await server.restart();
    await blobs.close();
  }, 120_000);
});

describe('a store of S3 that does not keep to conditions', () => {
  it('is refused', async () => {
    const store = await careless();
    const { port } = store.address() as AddressInfo;
    const opened = openS3Blobs({
      bucket: 'any',
      endpoint: `http://127.0.0.1:${port}`,
      logger: { warn: () => {} },
    });
    await expect(opened).rejects.toMatchObject({
      code: 'storage-failed',
      message: expect.stringContaining('does not keep to conditional writes'),
    });
    store.close();
  });
});

/** A store that takes every write, whatever its conditions. */
async function careless(): Promise<Server> {
  const objects = new Map<string, Buffer>();
  const store = createServer(async (request, response) => {
    const { method, url = '' } = request;
    const [path = ''] = url.split('?');
    const found = objects.get(path);
    if (method === 'PUT') {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece);
      objects.set(path, Buffer.concat(pieces));
      response.setHeader('etag', '"1"').end();
    } else if (method === 'DELETE') {
      objects.delete(path);
      response.writeHead(204).end();
    } else if (found === undefined) response.writeHead(404).end();
    else response.end(found);
  });
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  return store;
}
