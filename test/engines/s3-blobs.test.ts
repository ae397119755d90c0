import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, vi } from 'vitest';
import { describeBlobs } from '../../src/kernel/blobs/conformance.js';
import type { Blobs } from '../../src/kernel/blobs/index.js';
import { missingS3, type S3Server } from '../servers/s3.js';
import { prefixedStores } from './prefixed-stores.js';
import { openOn, s3Client, startS3With } from './s3-harness.js';

const missing = missingS3();
if (missing !== undefined) console.log(`Blobs in S3 are not tested: ${missing}`);

const bucket = 'blobs';
let server: S3Server;

const stores = prefixedStores<Blobs>((prefix) => openOn(server, { bucket, prefix }));

beforeAll(async () => {
  if (missing === undefined) server = await startS3With(bucket);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  if (missing === undefined) await server.close();
});

describeBlobs('S3', {
  ...(missing === undefined ? {} : { missing }),
  ...stores,
  damage: async (blobs) => {
    const client = s3Client(server);
    const Prefix = `${stores.prefixOf(blobs)}/bytes/`;
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
    for (const { Key = '' } of Contents) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
      bytes[1000] = (bytes[1000] ?? 0) ^ 1;
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes }));
    }
  },
});
