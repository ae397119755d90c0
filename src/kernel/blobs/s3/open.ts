import type { Blobs } from '../blobs.js';
import type { S3BlobsOptions } from './s3-options.js';

export type { S3BlobsOptions } from './s3-options.js';

/**
 * Opens the blobs in S3; the caller closes them. The client is loaded only now. Throws `storage-unavailable` where nobody answers,
 * `storage-refused`, `storage-failed` where there is no such bucket or the store does not keep to conditional writes,
 * `clock-skewed`, `storage-version` and `storage-replaced`.
 */
export async function openS3Blobs(options: S3BlobsOptions): Promise<Blobs & { readonly identity: string }> {
  const { s3Blobs } = await import('./s3-blobs.js');
  return s3Blobs(options);
}
