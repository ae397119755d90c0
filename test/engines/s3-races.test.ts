import { createHash } from 'node:crypto';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Blobs } from '../../src/kernel/blobs/index.js';
import { missingS3, type S3Server } from '../servers/s3.js';
import { openOn, s3Client, startS3With } from './s3-harness.js';

const missing = missingS3();
if (missing !== undefined) console.log(`Races for blobs in S3 are not tested: ${missing}`);

const bucket = 'races';
const hours = 3_600_000;
let server: S3Server;
let stores = 0;

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** The objects of a store, by what they are. */
async function objectsOf(prefix: string, kind: string): Promise<string[]> {
  const folder = join(server.folder, bucket, prefix, kind);
  return readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw thrown;
  });
}

beforeAll(async () => {
  if (missing === undefined) server = await startS3With(bucket);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  if (missing === undefined) await server.close();
});

/** What one owner does, one after the other, at one of two processes. */
const owner = fc.record({
  at: fc.constantFrom(0, 1),
  steps: fc.array(
    fc.record({
      content: fc.constantFrom('one', 'two'),
      does: fc.constantFrom('write', 'hold', 'release', 'sweep'),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});

type OwnerSteps = typeof owner extends fc.Arbitrary<infer Steps> ? Steps : never;

describe.skipIf(missing !== undefined)('blobs in S3 that several processes have open', () => {
  it('are there exactly for those who hold them, whoever writes, lets go and sweeps at once', async () => {
    const run = async (owners: readonly OwnerSteps[]) => {
      const prefix = `race${++stores}`;
      const both: Blobs[] = [];
      for (let count = 0; count < 2; count += 1) both.push(await openOn(server, { bucket, prefix }));
      const holds = new Map<string, Set<string>>([
        ['one', new Set()],
        ['two', new Set()],
      ]);
      const act = async (blobs: Blobs, name: string, content: string, does: string) => {
        if (does === 'write') await blobs.write(bytesOf(content), { owner: name });
        else if (does === 'release') await blobs.release(hashOf(content), name);
        else if (does === 'sweep') return void (await blobs.sweep(() => true));
        else {
          const held = await blobs.hold(hashOf(content), name).then(
            () => true,
            (thrown) => {
              expect(thrown).toMatchObject({ code: 'not-found' });
              return false;
            },
          );
          if (!held) return;
        }
        if (does === 'release') holds.get(content)?.delete(name);
        else holds.get(content)?.add(name);
      };
      await Promise.all(
        owners.map(async ({ at, steps }, index) => {
          for (const { content, does } of steps) await act(both[at] as Blobs, `owner${index}`, content, does);
        }),
      );
      const [blobs] = both as [Blobs, Blobs];
      let held = 0;
      for (const [content, expected] of holds) {
        const hash = hashOf(content);
        expect(await blobs.owners(hash)).toEqual([...expected].sort());
        if (expected.size === 0) {
          expect(await blobs.stat(hash)).toBeUndefined();
          continue;
        }
        held += 1;
        const read: Buffer[] = [];
        for await (const piece of await blobs.read(hash)) read.push(piece);
        expect(Buffer.concat(read).toString()).toBe(content);
      }
      // nothing is left of what nobody holds
      expect(await objectsOf(prefix, 'bytes')).toHaveLength(held);
      expect(await objectsOf(prefix, 'trials')).toEqual([]);
      for (const one of both) await one.close();
    };
    await fc.assert(fc.asyncProperty(fc.array(owner, { minLength: 2, maxLength: 4 }), run), { numRuns: 15 });
  }, 240_000);

  it('lose what was broken off a day ago, and nothing else', async () => {
    const blobs = await openOn(server, { bucket, prefix: 'old' });
    const { hash } = await blobs.write(bytesOf('kept'), { owner: 'one' });
    const client = s3Client(server);
    for (const name of ['gone', 'young'])
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: `old/bytes/${name}`, Body: name }));
    const [kept = ''] = (await objectsOf('old', 'bytes')).filter((name) => !['gone', 'young'].includes(name));
    const dayAgo = new Date(Date.now() - 25 * hours);
    for (const name of ['gone', kept])
      await utimes(join(server.folder, bucket, 'old', 'bytes', name), dayAgo, dayAgo);
    expect(await blobs.sweep(() => true)).toEqual({ removed: 0, bytes: 0 });
    expect(await objectsOf('old', 'bytes')).toEqual([kept, 'young'].sort());
    expect(await blobs.stat(hash)).toEqual({ hash, bytes: 4 });
    await blobs.close();
  });

  it('leave no parts behind where the source of a large one fails', async () => {
    const blobs = await openOn(server, { bucket, prefix: 'parts' });
    async function* failing() {
      for (let count = 0; count < 40; count += 1) yield Buffer.alloc(1_000_000, count);
      throw new Error('the sender hung up');
    }
    await expect(blobs.write(failing(), { owner: 'one' })).rejects.toThrow('the sender hung up');
    const { Uploads = [] } = await s3Client(server).send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads).toEqual([]);
    expect(await objectsOf('parts', 'bytes')).toEqual([]);
    await blobs.close();
  });

  it('are read whole and in ranges where they came in several parts', async () => {
    const blobs = await openOn(server, { bucket, prefix: 'large' });
    const content = Buffer.alloc(37_000_001);
    for (let at = 0; at + 4 <= content.length; at += 4) content.writeUInt32LE(at, at);
    async function* pieces() {
      for (let at = 0; at < content.length; at += 100_003) yield content.subarray(at, at + 100_003);
    }
    const { hash, bytes } = await blobs.write(pieces(), { owner: 'one' });
    expect({ hash, bytes }).toEqual({
      hash: createHash('sha256').update(content).digest('hex'),
      bytes: content.length,
    });
    const whole = createHash('sha256');
    for await (const piece of await blobs.read(hash)) whole.update(piece);
    expect(whole.digest('hex')).toBe(hash);
    for (const [start, end] of [
      [1_048_570, 1_048_590],
      [16_777_200, 33_554_433],
      [bytes - 1, bytes],
    ] as const) {
      const read: Buffer[] = [];
      for await (const piece of await blobs.read(hash, { start, end })) read.push(piece);
      expect(Buffer.concat(read).equals(content.subarray(start, end))).toBe(true);
    }
    await blobs.release(hash, 'one');
    expect([await objectsOf('large', 'bytes'), await objectsOf('large', 'digests')]).toEqual([[], []]);
    await blobs.close();
  });

  it('end uploads in parts only where they are old', async () => {
    const blobs = await openOn(server, { bucket, prefix: 'young' });
    const begun = { Bucket: bucket, Key: 'young/bytes/begun' };
    const { UploadId } = await s3Client(server).send(new CreateMultipartUploadCommand(begun));
    await blobs.sweep(() => true);
    const { Uploads = [] } = await s3Client(server).send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads.map((one) => one.UploadId)).toEqual([UploadId]);
    await blobs.close();
  });
});
