import type { StarlingError } from '../../kernel/errors/index.js';
import type { ResumableUpload } from '../../systems/tasks/index.js';
import { allItems } from '../client/all-items.js';
import type { ApiClient } from '../client/api-client.js';
import { tusFailure, tusFile, tusTransport } from '../client/tus-transport.js';

/** Files of more bytes than this are sent so that they go on where they break off. */
export const resumableFromBytes = 16 * 1_048_576;

/** After so many milliseconds each, a connection that broke is tried again; from the first one on where bytes came meanwhile. */
const retryDelays = [500, 1_000, 2_000, 4_000, 8_000];

/** What passes by itself. */
const passing: readonly StarlingError['code'][] = [
  'gateway-unreachable',
  'storage-unavailable',
  'shutting-down',
  // bytes of an earlier connection came, or the task is being made of them
  'revision-conflict',
];

/** A file that is sent. */
export interface ResumableFile {
  readonly path: string;
  readonly bytes: number;
  /** What the gateway is told of it, and tells again: the same for the same bytes and the same work alone. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Told how many bytes of it are on their way or there. */
  readonly onBytes: (bytes: number) => void;
}

/** The uploads of a batch that did not come to their end. */
export function unfinishedUploads(
  client: ApiClient,
  batch: string,
  signal: AbortSignal,
): Promise<readonly ResumableUpload[]> {
  return allItems<ResumableUpload>(client, '/uploads', { query: { batch }, signal });
}

/**
 * Sends a file by the tus protocol: goes on with the furthest of `unfinished` that is of the same bytes, and where the connection
 * breaks. Throws what the gateway refuses with, and `gateway-unreachable` where it stays away.
 */
export async function sendResumably(
  client: ApiClient,
  file: ResumableFile,
  unfinished: readonly ResumableUpload[],
  signal: AbortSignal,
): Promise<void> {
  const { Upload } = await import('tus-js-client');
  const { path, bytes, metadata, onBytes } = file;
  const endpoint = `${client.url}/api/v1/uploads`;
  const before = unfinished
    .filter((upload) => upload.size === bytes && isSame(upload.metadata, metadata))
    .reduce<ResumableUpload | undefined>(
      (best, one) => (best !== undefined && best.offset >= one.offset ? best : one),
      undefined,
    );
  signal.throwIfAborted();
  let stop = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    // the reader below opens the file: what stands here is what it is called
    const upload = new Upload(Buffer.from(path), {
      endpoint,
      uploadUrl: before === undefined ? null : `${endpoint}/${before.id}`,
      metadata: { ...metadata },
      uploadSize: bytes,
      fileReader: tusFile(path, bytes),
      httpStack: tusTransport(client, signal),
      storeFingerprintForResuming: false,
      retryDelays,
      onShouldRetry: (error) => passing.includes(tusFailure(error).code),
      onProgress: onBytes,
      onSuccess: () => resolve(),
      onError: (error) => reject(tusFailure(error)),
    });
    stop = () => {
      upload.abort().then(() => reject(signal.reason), reject);
    };
    signal.addEventListener('abort', stop, { once: true });
    upload.start();
  });
  await ended.finally(() => signal.removeEventListener('abort', stop));
}

function isSame(
  there: Readonly<Record<string, string | null>>,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([name, value]) => there[name] === value);
}
