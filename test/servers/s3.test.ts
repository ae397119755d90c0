import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { missingS3, s3Credentials, startS3 } from './s3.js';

const missing = missingS3();
if (missing !== undefined) console.log(`servers of S3 are not tested: ${missing}`);

describe.skipIf(missing !== undefined)('servers of S3', () => {
  it('keep their port and their data over a kill and a restart', async () => {
    const server = await startS3();
    try {
      const client = new S3Client({
        ...{ endpoint: server.url, region: 'us-east-1', forcePathStyle: true },
        credentials: { ...s3Credentials },
      });
      await client.send(new CreateBucketCommand({ Bucket: 'kept' }));
      await server.kill();
      await server.restart();
      const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
      expect(Buckets.map(({ Name }) => Name)).toEqual(['kept']);
    } finally {
      await server.close();
    }
  });
});
