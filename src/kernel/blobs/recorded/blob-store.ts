import type { StarlingError } from '../../errors/index.js';
import type { ByteRange } from '../blobs.js';
import type { BlobRecord } from './blob-record.js';
import type { RecordStore } from './blob-records.js';

/** The bytes of a blob that are on their way in. */
export interface BlobUpload {
  /** What a record calls them. */
  readonly id: string;
  /** Stores what comes. Throws what `bytes` throws. */
  write(bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** A record names them. False where a sweep took them for broken off meanwhile: they are gone then. */
  finish(): Promise<boolean>;
  /** Nobody names them: they are removed. */
  discard(): Promise<void>;
  /** Nobody knows whether a record names them: a sweep finds out. */
  leave(): void;
}

/** The bytes of blobs, each under the name of the upload that brought them. */
export interface BlobUploads {
  begin(): Promise<BlobUpload>;
  /** Removes the bytes of an upload; nothing where there are none. */
  remove(upload: string): Promise<void>;
  /** Uploads that were broken off before this moment, unless a record names them. */
  brokenOff(): Promise<Set<string>>;
}

/** What is read of a blob. */
export interface BlobReading {
  readonly hash: string;
  readonly record: BlobRecord;
  /** Default: all of it. */
  readonly range: ByteRange | undefined;
  /** Why bytes are not there: the blob was removed while it was read, or is damaged. */
  readonly why: () => Promise<StarlingError>;
}

/** Where failures go that no caller waits for. */
export interface BlobLogger {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What an engine brings to keep blobs. */
export interface BlobStore {
  readonly adapter: string;
  /** When written bytes are safe, in a sentence. */
  readonly durability: string;
  /** Of the store behind it; another one where it was replaced or came back empty. */
  readonly identity: string;
  readonly records: RecordStore;
  readonly uploads: BlobUploads;
  readonly logger: BlobLogger;
  /** The bytes of a blob. Throws `blob-damaged` before the end, and what `why` says where they are not there. */
  read(reading: BlobReading): AsyncGenerator<Buffer>;
  close(): Promise<void>;
}
