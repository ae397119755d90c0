import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, mkdir, rm } from 'node:fs/promises';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileDigest } from '../../kernel/durable-file/index.js';
import { isSystemError, StarlingError } from '../../kernel/errors/index.js';
import type { Task } from '../../systems/tasks/index.js';
import { allItems } from '../client/all-items.js';
import { type ApiClient, apiPath } from '../client/api-client.js';
import { interruptible } from '../interrupt.js';
import { amountText } from '../output/figures.js';
import { openBar } from '../output/upload-bar.js';
import type { Session } from '../session.js';

const endings: Readonly<Record<string, readonly string[]>> = {
  'image/jpeg': ['.jpg', '.jpeg'],
  'image/png': ['.png'],
  'image/webp': ['.webp'],
  'image/tiff': ['.tif', '.tiff'],
  'image/gif': ['.gif'],
  'image/avif': ['.avif'],
};

/** Where a result is written: below `out`, by the name of its original, with an ending that fits what it is. Throws `input-invalid` for a name that leads elsewhere. */
export function resultPath(out: string, name: string, mediaType: string): string {
  const fitting = endings[mediaType];
  const ending =
    fitting === undefined || fitting.includes(extname(name).toLowerCase()) ? '' : (fitting[0] ?? '');
  const path = resolve(out, `${name}${ending}`);
  if (path.startsWith(resolve(out) + sep) && !name.includes('\0')) return path;
  throw new StarlingError(
    'input-invalid',
    `The file name ${JSON.stringify(name)} leads out of ${out}. Fetch that result by itself.`,
  );
}

/** `starling tasks download`: every result of a batch, each once; a file that is there with other content stays as it is. */
export async function downloadResults(
  session: Session,
  { batch, out }: { readonly batch: string; readonly out: string },
): Promise<void> {
  const client = session.client();
  const bar = session.json ? undefined : openBar(session.terminal);
  await interruptible(async (signal) => {
    const tasks = await allItems<Task>(client, '/tasks', { query: { batch, state: 'done' }, signal });
    const failed: { name: string; message: string; exit: number }[] = [];
    const began = performance.now();
    let [written, there] = [0, 0];
    try {
      for (const task of tasks) {
        try {
          if (await fetchResult(client, task, out, signal)) written += 1;
          else there += 1;
        } catch (thrown) {
          if (signal.aborted) throw signal.reason;
          const error = StarlingError.from(thrown, 'storage-failed');
          if (error.code === 'gateway-unreachable') throw error;
          failed.push({ name: task.name, message: error.message, exit: error.exitStatus });
        }
        const done = written + there + failed.length;
        const rate = (done * 1_000) / Math.max(1, performance.now() - began);
        const secondsLeft = (tasks.length - done) / rate;
        bar?.show({ what: 'fetching', done, total: tasks.length, failed: failed.length, rate, secondsLeft });
      }
    } finally {
      bar?.close();
    }
    const outcome = {
      batch,
      out,
      written,
      there,
      failed: failed.map(({ name, message }) => ({ name, message })),
    };
    session.show(outcome, (shown) =>
      [
        `${amountText(shown.written, 'result')} written to ${shown.out}, ${shown.there} there already.`,
        ...shown.failed.map(({ name, message }) => `  ${name}: ${message}`),
      ].join('\n'),
    );
    const [first] = failed;
    if (first !== undefined) process.exitCode = first.exit;
  });
}

/** Writes one result; false where it is there already. Throws `revision-conflict` where another file is. */
async function fetchResult(
  client: ApiClient,
  task: Task,
  out: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { hash = '', mediaType = '' } = task.result ?? {};
  const path = resultPath(out, task.name, mediaType);
  const there = await hashOf(path);
  if (there === hash) return false;
  if (there !== undefined) throw taken(path);
  await mkdir(dirname(path), { recursive: true });
  const partial = join(dirname(path), `.${randomBytes(6).toString('hex')}.partial`);
  try {
    const { body } = await client.call(`${apiPath('tasks', task.id)}/result`, {
      headers: { accept: '*/*' },
      signal,
    });
    await pipeline(
      body === null ? Readable.from([]) : Readable.fromWeb(body),
      createWriteStream(partial, { flags: 'wx' }),
      { signal },
    );
    if ((await hashOf(partial)) !== hash)
      throw new StarlingError(
        'blob-damaged',
        `The result of ${task.name} did not come as it is. Fetch it again.`,
      );
    // unlike a renaming, that never takes the place of a file that came meanwhile
    await link(partial, path);
    return true;
  } catch (thrown) {
    throw isSystemError(thrown, 'EEXIST') ? taken(path) : thrown;
  } finally {
    await rm(partial, { force: true });
  }
}

async function hashOf(path: string): Promise<string | undefined> {
  try {
    return (await fileDigest(path)).sha256;
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOENT')) return undefined;
    throw StarlingError.from(thrown, 'storage-failed', `${path} cannot be read`);
  }
}

function taken(path: string): StarlingError {
  return new StarlingError(
    'revision-conflict',
    `${path} is there with other content, and stays. Name another folder with --out.`,
  );
}
