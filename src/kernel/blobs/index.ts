export type { BlobInfo, Blobs, ByteRange, Sweep, WriteOptions } from './blobs.js';
export { type LocalBlobsOptions, openLocalBlobs } from './local/local-blobs.js';
export { type NatsBlobsOptions, openNatsBlobs } from './nats/open.js';
export { openS3Blobs, type S3BlobsOptions } from './s3/open.js';
