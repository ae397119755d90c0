import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { missingS3, type S3Server } from '../servers/s3.js';
import { lifeOfBlob } from './blob-life.js';
import { CuttingProxy } from './cutting-proxy.js';
import { openOn, startS3With } from './s3-harness.js';

const missing = missingS3();
if (missing !== undefined) console.log(`Lost answers of S3 are not tested: ${missing}`);

const bucket = 'lost';

describe.skipIf(missing !== undefined)('blobs in S3, one answer of which is lost, whichever it is', () => {
  let server: S3Server;
  let proxy: CuttingProxy;
  beforeAll(async () => {
    server = await startS3With(bucket);
    proxy = await CuttingProxy.start(server.url);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await proxy.close();
    await server.close();
  });

  async function liveLosing(pieces: number, size: number): Promise<void> {
    proxy.chunksToLoss = pieces;
    const blobs = await openOn({ ...server, url: proxy.url }, { bucket, prefix: `${size}-${pieces}` });
    await lifeOfBlob(blobs, size);
  }

  it('are whole, and held by those who hold them', async () => {
    let lost = 0;
    // until a whole life has fewer answers than pass before one is lost
    for (; proxy.cuts === lost; lost += 1) await liveLosing(lost, 300_000);
    expect(proxy.cuts).toBeGreaterThan(8);
  }, 60_000);

  it('are whole also where they are written in parts', async () => {
    const before = proxy.cuts;
    // so many that the last one is of the reading
    const pieces = 20;
    for (let lost = 0; lost < pieces; lost += 1) await liveLosing(lost, 17_000_000);
    expect(proxy.cuts - before).toBe(pieces);
  }, 60_000);
});
