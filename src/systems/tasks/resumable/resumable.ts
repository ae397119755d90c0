import type { TaskFilter } from '../task/index.js';

/** What is said of a file before it comes. */
export interface AnnouncedUpload {
  readonly name: string;
  readonly batch: string;
  readonly filter: TaskFilter;
  readonly mediaType: string;
  readonly size: number;
  /** Of all bytes, hexadecimal; others that come are refused, and forgotten. */
  readonly sha256?: string;
  /** Absent in open mode. */
  readonly user?: string;
  /** What the client wants to be told again. */
  readonly metadata: Readonly<Record<string, string | null>>;
}

/** A file that comes in pieces. */
export interface ResumableUpload extends AnnouncedUpload {
  readonly id: string;
  /** How many bytes are there. */
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** What it became. */
  readonly task?: string;
}

/** Which uploads are listed. */
export interface UploadQuery {
  readonly batch?: string;
  readonly user?: string;
  /** Those after the upload of this id, in the order of ids. */
  readonly after?: string;
  readonly limit: number;
}

/** Files that come in pieces, and go on where they broke off. */
export interface Resumable {
  /** Throws `input-invalid` for an empty file and `input-too-large`. */
  create(announced: AnnouncedUpload): Promise<ResumableUpload>;
  /** Those that are no tasks yet; `next` is the `after` of the next page. */
  list(query: UploadQuery): Promise<{ readonly uploads: readonly ResumableUpload[]; readonly next?: string }>;
  /** One that is whole and no task yet becomes one. Throws `not-found`, and what an upload throws. */
  get(id: string): Promise<ResumableUpload>;
  /**
   * Adds what comes from `offset` on, and keeps what came where the source fails. Throws `revision-conflict` where another offset is
   * there, also while it comes; what the source throws; and what an upload throws, for the last bytes.
   */
  append(id: string, offset: number, source: AsyncIterable<Uint8Array>): Promise<ResumableUpload>;
  /** Forgets an upload and what came of it; a task that it became stays. Throws `not-found`. */
  remove(id: string): Promise<void>;
}
