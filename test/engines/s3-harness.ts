import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { vi } from 'vitest';
import { type Blobs, openS3Blobs, type S3BlobsOptions } from '../../src/kernel/blobs/index.js';
import { type S3Server, s3Credentials, startS3 } from '../servers/s3.js';

const silent = { warn: () => {} };

/** Has the client of S3 find the test server's credentials, and look for none anywhere else. */
export function giveS3Credentials(secret: string = s3Credentials.secretAccessKey): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', s3Credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secret);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
}

/** Starts a test server with one bucket; the client of S3 finds its credentials. */
export async function startS3With(bucket: string): Promise<S3Server> {
  giveS3Credentials();
  const server = await startS3();
  await s3Client(server).send(new CreateBucketCommand({ Bucket: bucket }));
  return server;
}

/** A client of a test server, to do to it what the adapter does not. */
export function s3Client(server: S3Server): S3Client {
  return new S3Client({
    endpoint: server.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { ...s3Credentials },
  });
}

/** Opens the blobs in a bucket of a test server. */
export function openOn(
  server: S3Server,
  options: Pick<S3BlobsOptions, 'bucket'> & Partial<S3BlobsOptions>,
): Promise<Blobs & { readonly identity: string }> {
  return openS3Blobs({ endpoint: server.url, logger: silent, ...options });
}
