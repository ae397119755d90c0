import { S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../../clock/index.js';
import { RecordedBlobs } from '../recorded/recorded-blobs.js';
import { objectBytes } from './object-bytes.js';
import { Objects } from './objects.js';
import { ObjectRecords } from './records.js';
import type { S3BlobsOptions } from './s3-options.js';
import { openStoreRecord } from './store-record.js';
import { ObjectUploads } from './uploads.js';

/** Blobs in a bucket; as `openS3Blobs` has it. */
export async function s3Blobs(options: S3BlobsOptions): Promise<RecordedBlobs> {
  const { bucket, prefix = '', expected, clock = systemClock, logger } = options;
  const objects = new Objects(clientOf(options), bucket, prefix);
  try {
    const { identity, removesOnCondition } = await openStoreRecord(objects, expected);
    if (!removesOnCondition)
      logger.warn(
        { bucket },
        'the store has no conditional removal: of each removed blob a small record stays',
      );
    return new RecordedBlobs({
      ...{ identity, logger },
      adapter: 's3',
      durability: 'Acknowledged by the S3 store, which keeps it as its bucket is set up to.',
      records: new ObjectRecords(objects, { removesOnCondition }),
      uploads: new ObjectUploads(objects, clock),
      read: (reading) => objectBytes(objects, reading),
      close: async () => objects.close(),
    });
  } catch (thrown) {
    objects.close();
    throw thrown;
  }
}

function clientOf({ endpoint, region }: S3BlobsOptions): S3Client {
  const where = endpoint === undefined ? {} : { endpoint, forcePathStyle: true, region: 'us-east-1' };
  return new S3Client({
    ...where,
    ...(region === undefined ? {} : { region }),
    // a stream that somebody reads slowly keeps a connection
    requestHandler: {
      connectionTimeout: 5_000,
      httpAgent: { maxSockets: 500 },
      httpsAgent: { maxSockets: 500 },
    },
    // every byte that is read is verified by this adapter
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 6,
  });
}
