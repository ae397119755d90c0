import type { Clock } from '../../clock/index.js';

/** Where failures go that no caller waits for, and what an operator should know. */
export interface S3Logger {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What blobs in S3 are opened with. Credentials come from the usual places of AWS: the environment, its files, its roles. */
export interface S3BlobsOptions {
  /** Made before, by whoever owns the store. */
  readonly bucket: string;
  /** What the names of objects begin with. Default: nothing. */
  readonly prefix?: string;
  /** URL of another store than Amazon's. */
  readonly endpoint?: string;
  /** Default: that of the environment; with an `endpoint`, `us-east-1`. */
  readonly region?: string;
  /** The identity that the store had before; another one is refused with `storage-replaced`. */
  readonly expected?: string;
  /** Default: the clock of the process. */
  readonly clock?: Clock;
  readonly logger: S3Logger;
}
