import { fileDigest } from '../../kernel/durable-file/index.js';
import { type ErrorRecord, StarlingError } from '../../kernel/errors/index.js';
import type { ResumableUpload, Task } from '../../systems/tasks/index.js';
import { allItems } from '../client/all-items.js';
import type { ApiClient } from '../client/api-client.js';
import { fileForm } from '../client/file-form.js';
import { pause } from '../client/pause.js';
import type { Bar } from '../output/upload-bar.js';
import type { FoundFile } from './found-files.js';
import { resumableFromBytes, sendResumably, unfinishedUploads } from './send-resumably.js';
import { UploadMeter } from './upload-meter.js';

/** What is to be done to the files, and what they are gathered under. */
export type UploadFields = Readonly<Record<'filter' | 'parameters' | 'batch', string>>;

/** A file that was not taken, or not worked on. */
export interface Failure {
  readonly name: string;
  readonly error: ErrorRecord;
}

/** How many files were sent, were there already, and were not taken. */
export interface Sent {
  readonly uploaded: number;
  readonly known: number;
  readonly failures: readonly Failure[];
}

/** Files that are sent at once. */
const concurrency = 4;
/** How often a gateway that does not answer is tried again for a file, after 0.5 s, doubled with each. */
const mostTries = 5;

/** Sends the files that the gateway does not have, and tells the bar. Throws what no other file would do better with. */
export async function sendAll(
  client: ApiClient,
  files: readonly FoundFile[],
  fields: UploadFields,
  bar: Bar,
  signal: AbortSignal,
): Promise<Sent> {
  const there = await knownTasks(client, fields.batch, signal);
  const hasLarge = files.some(isLarge);
  const unfinished = hasLarge ? await unfinishedUploads(client, fields.batch, signal) : [];
  const failures: Failure[] = [];
  let [uploaded, known] = [0, 0];
  const meter = new UploadMeter(files, bar);
  const waiting = files.values();
  const work = async () => {
    for (const file of waiting) {
      signal.throwIfAborted();
      try {
        if (await isThere(file, there.get(file.name))) {
          known += 1;
          meter.skip(file);
        } else if (isLarge(file)) {
          await sendLarge(client, file, fields, unfinished, (bytes) => meter.tell(file, bytes), signal);
          uploaded += 1;
        } else if (await send(client, file, fields, signal)) known += 1;
        else uploaded += 1;
      } catch (thrown) {
        if (signal.aborted) throw signal.reason;
        const error = StarlingError.from(thrown, 'input-invalid', `${file.path} cannot be read`);
        // what no other file would do better with
        if (['gateway-unreachable', 'token-invalid', 'token-missing', 'role-missing'].includes(error.code))
          throw error;
        failures.push({ name: file.name, error: error.toRecord() });
      }
      meter.end(file, failures.length);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { uploaded, known, failures };
}

/** The tasks of a batch that the gateway has, by the names of their files. */
export async function knownTasks(
  client: ApiClient,
  batch: string,
  signal: AbortSignal,
): Promise<Map<string, Task>> {
  const tasks = await allItems<Task>(client, '/tasks', { query: { batch }, signal });
  return new Map(tasks.map((task) => [task.name, task]));
}

const isLarge = ({ bytes }: FoundFile): boolean => bytes > resumableFromBytes;

/** Whether the task has the very bytes of the file. */
async function isThere({ path, bytes }: FoundFile, task: Task | undefined): Promise<boolean> {
  return task?.original?.bytes === bytes && (await fileDigest(path)).sha256 === task.original.hash;
}

/** Sends a large file, or what is left of it. Waits where the queue is full. */
async function sendLarge(
  client: ApiClient,
  { path, name, mediaType, bytes }: FoundFile,
  fields: UploadFields,
  unfinished: readonly ResumableUpload[],
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  // so that nothing is ever put behind the first bytes of another file
  const { sha256 } = await fileDigest(path);
  const metadata = { filename: name, filetype: mediaType, ...fields, sha256 };
  for (let begun = unfinished; ; begun = await unfinishedUploads(client, fields.batch, signal)) {
    try {
      await sendResumably(client, { path, bytes, metadata, onBytes }, begun, signal);
      return;
    } catch (thrown) {
      const { code } = StarlingError.from(thrown);
      if (signal.aborted || !(code === 'queue-full' || code === 'rate-limited')) throw thrown;
      await pause(1_000, signal);
    }
  }
}

/** Sends a file; whether the gateway had it. Waits where the queue is full, and tries again where nobody answers. */
async function send(
  client: ApiClient,
  { path, name, mediaType }: FoundFile,
  fields: UploadFields,
  signal: AbortSignal,
): Promise<boolean> {
  for (let tries = 1; ; ) {
    try {
      const content = fileForm(path, name, mediaType, fields);
      const { files } = await client.json<{ files: readonly { duplicate?: boolean }[] }>('/tasks', {
        method: 'POST',
        content,
        signal,
      });
      return files[0]?.duplicate === true;
    } catch (thrown) {
      const { code, details } = StarlingError.from(thrown);
      const full = code === 'queue-full' || code === 'rate-limited';
      // an earlier try, at a gateway that is gone: it vanishes when that is noticed
      const begun = code === 'revision-conflict' && details?.state === 'uploading';
      const passes = begun || ['gateway-unreachable', 'storage-unavailable', 'shutting-down'].includes(code);
      if (signal.aborted || !(full || (passes && tries < (begun ? mostTries + 2 : mostTries)))) throw thrown;
      await pause(full ? 1_000 : 500 * 2 ** (tries - 1), signal);
      if (!full) tries += 1;
    }
  }
}
