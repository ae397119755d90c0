import { createHash, randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectError } from '../errors/expect-error.js';
import type { Blobs } from './blobs.js';

/** What an engine must bring to be tested. */
export interface BlobsHarness {
  /** Why the engine cannot be tested here. */
  readonly missing?: string;
  open(): Promise<Blobs>;
  /** Closes an engine and opens it again, as after a stop of its process. */
  reopen(blobs: Blobs): Promise<Blobs>;
  dispose(blobs: Blobs): Promise<void>;
  /** Changes stored bytes behind the engine's back; left out where nobody can. */
  readonly damage?: (blobs: Blobs, hash: string) => Promise<void>;
}

/**
 * The tests of the blobs port's promises, for any engine. Call it in a test file of the adapter; it uses vitest, and must
 * not be imported by anything else.
 */
export function describeBlobs(name: string, harness: BlobsHarness): void {
  const withBlobs = (test: (blobs: Blobs) => Promise<unknown>) => async () => {
    const blobs = await harness.open();
    try {
      await test(blobs);
    } finally {
      await harness.dispose(blobs);
    }
  };

  describe.skipIf(harness.missing !== undefined)(`blobs: ${name}`, () => {
    it(
      'give back what was written, under its SHA-256',
      withBlobs(async (blobs) => {
        for (const content of [Buffer.alloc(0), Buffer.from('a'), randomBytes(3_000_000)]) {
          const hash = createHash('sha256').update(content).digest('hex');
          expect(await blobs.write(parts(content), { owner: 'test' })).toEqual({
            hash,
            bytes: content.length,
          });
          expect(Buffer.compare(await all(await blobs.read(hash)), content)).toBe(0);
          expect(await blobs.stat(hash)).toEqual({ hash, bytes: content.length });
        }
      }),
    );

    it(
      'give any range of it',
      withBlobs(async (blobs) => {
        const content = randomBytes(200_000);
        const { hash, bytes } = await blobs.write(parts(content), { owner: 'test' });
        await fc.assert(
          fc.asyncProperty(fc.nat(bytes), fc.nat(bytes), async (one, other) => {
            const [start, end] = [Math.min(one, other), Math.max(one, other)];
            const read = await all(await blobs.read(hash, { start, end }));
            expect(Buffer.compare(read, content.subarray(start, end))).toBe(0);
          }),
          { numRuns: 30 },
        );
        await expectError(blobs.read(hash, { start: 0, end: bytes + 1 }), 'input-invalid');
        await expectError(blobs.read(hash, { start: 5, end: 4 }), 'input-invalid');
        await expectError(blobs.read(hash, { start: -1, end: 4 }), 'input-invalid');
      }),
    );

    it(
      'stay while somebody holds them, and go with the last',
      withBlobs(async (blobs) => {
        const { hash } = await blobs.write(parts(Buffer.from('shared')), { owner: 'one' });
        await blobs.write(parts(Buffer.from('shared')), { owner: 'two' });
        await blobs.hold(hash, 'three');
        await blobs.hold(hash, 'three');
        expect(await blobs.owners(hash)).toEqual(['one', 'three', 'two']);
        await blobs.release(hash, 'one');
        await blobs.release(hash, 'nobody');
        await blobs.release(hash, 'two');
        expect((await all(await blobs.read(hash))).toString()).toBe('shared');
        await blobs.release(hash, 'three');
        expect(await blobs.stat(hash)).toBeUndefined();
        await expectError(blobs.read(hash), 'not-found');
        await expectError(blobs.hold(hash, 'one'), 'not-found');
      }),
    );

    it(
      'are there for whoever writes one while another lets it go',
      withBlobs(async (blobs) => {
        const content = Buffer.from('contended');
        for (let round = 0; round < 20; round += 1) {
          const { hash } = await blobs.write(parts(content), { owner: `old${round}` });
          await Promise.all([
            blobs.release(hash, `old${round}`),
            blobs.write(parts(content), { owner: `new${round}` }),
          ]);
          expect((await all(await blobs.read(hash))).toString()).toBe('contended');
          await blobs.release(hash, `new${round}`);
        }
      }),
    );

    it(
      'that are too large, or whose source fails, leave nothing behind',
      withBlobs(async (blobs) => {
        let asked = 0;
        async function* endless() {
          for (;;) {
            asked += 1;
            yield Buffer.alloc(1000);
          }
        }
        await expectError(blobs.write(endless(), { owner: 'test', maxBytes: 10_000 }), 'input-too-large');
        expect(asked).toBeLessThan(100);
        async function* failing() {
          yield Buffer.from('some');
          throw new Error('the sender hung up');
        }
        await expect(blobs.write(failing(), { owner: 'test' })).rejects.toThrow('the sender hung up');
        expect(await blobs.sweep(() => true)).toEqual({ removed: 0, bytes: 0 });
        expect(await blobs.stat(createHash('sha256').update('some').digest('hex'))).toBeUndefined();
      }),
    );

    it(
      'are not waited for beyond a signal, also where the source says nothing',
      withBlobs(async (blobs) => {
        const stop = new AbortController();
        async function* silent() {
          yield Buffer.from('a');
          stop.abort();
          await new Promise(() => {});
        }
        const written = blobs.write(silent(), { owner: 'test', signal: stop.signal });
        await expect(written).rejects.toMatchObject({ name: 'AbortError' });
      }),
    );

    it(
      'whose owners are gone are swept, and others are not',
      withBlobs(async (blobs) => {
        const gone = await blobs.write(parts(Buffer.from('gone')), { owner: 'tasks/1' });
        const kept = await blobs.write(parts(Buffer.from('kept')), { owner: 'tasks/1' });
        await blobs.hold(kept.hash, 'tasks/2');
        expect(await blobs.sweep((owner) => owner === 'tasks/2')).toEqual({ removed: 1, bytes: 4 });
        expect(await blobs.stat(gone.hash)).toBeUndefined();
        expect(await blobs.owners(kept.hash)).toEqual(['tasks/2']);
      }),
    );

    it(
      'and who holds them are there after a restart',
      withBlobs(async (blobs) => {
        const { hash } = await blobs.write(parts(Buffer.from('lasting')), { owner: 'one' });
        const again = await harness.reopen(blobs);
        expect((await all(await again.read(hash))).toString()).toBe('lasting');
        expect(await again.owners(hash)).toEqual(['one']);
        await harness.dispose(again);
      }),
    );

    it(
      'take no hash that names another file, and no owner without a name',
      withBlobs(async (blobs) => {
        for (const hash of ['', '../secret', 'A'.repeat(64), `${'a'.repeat(64)}\n`])
          await expectError(blobs.read(hash), 'input-invalid');
        await expectError(blobs.write(parts(Buffer.from('a')), { owner: '' }), 'input-invalid');
        await blobs.close();
        await expectError(blobs.write(parts(Buffer.from('a')), { owner: 'one' }), 'shutting-down');
      }),
    );

    const { damage } = harness;
    if (damage !== undefined) {
      it(
        'that were changed on disk are never given out whole',
        withBlobs(async (blobs) => {
          const { hash, bytes } = await blobs.write(parts(randomBytes(300_000)), { owner: 'one' });
          expect(await all(await blobs.read(hash, { start: 0, end: 10 }))).toHaveLength(10);
          await damage(blobs, hash);
          await expectError(blobs.read(hash).then(all), 'blob-damaged');
          await expectError(blobs.read(hash, { start: bytes - 10, end: bytes }).then(all), 'blob-damaged');
        }),
      );
    }
  });
}

async function* parts(content: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < content.length; start += 65_537) yield content.subarray(start, start + 65_537);
}

async function all(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
