import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isSystemError, StarlingError } from '../../kernel/errors/index.js';
import type { AnswerFormat } from '../../systems/exchange/exchange-api.js';
import { type ApiClient, apiPath } from '../client/api-client.js';
import { unreachable } from '../client/unreachable.js';
import { interruptible } from '../interrupt.js';
import { bytesText } from '../output/figures.js';
import type { Session } from '../session.js';

const formats: Readonly<Record<string, AnswerFormat>> = { '.csv': 'csv', '.arrow': 'arrow', '.json': 'json' };

/** A file that an answer is to be written to. */
export interface AnswerFile {
  readonly file: string;
  readonly format: AnswerFormat;
  /** The position of the one result that is meant. */
  readonly result?: number;
}

/** Where and how to write an answer. Throws `input-invalid` for an ending or a position that means nothing. */
export function answerFile(file: string, result: string | undefined): AnswerFile {
  const format = formats[extname(file).toLowerCase()];
  if (format === undefined) {
    const message = `${file} does not say in which form to write: let it end in ${Object.keys(formats).join(', ')}.`;
    throw new StarlingError('input-invalid', message, { details: { file } });
  }
  if (result === undefined) return { file, format };
  if (/^\d{1,6}$/.test(result)) return { file, format, result: Number(result) };
  const message = `--result takes the position of a result, counted from 0, and "${result}" is not one.`;
  throw new StarlingError('input-invalid', message, { details: { option: '--result' } });
}

/**
 * Writes the answer of a request or a job to a file, and gives its size in bytes. The file takes its name when it is
 * complete; one that was there stays as it is until then, and also where the answer cannot be had.
 */
export async function writeAnswer(
  client: ApiClient,
  id: string,
  { file, format, result }: AnswerFile,
  signal: AbortSignal,
): Promise<number> {
  const noun = id.startsWith('r-') ? 'requests' : 'jobs';
  const query = { format, result };
  const accept = '*/*';
  const response = await client.call(`${apiPath(noun, id)}/result`, { query, headers: { accept }, signal });
  const partial = `${file}.${randomBytes(4).toString('hex')}.partial`;
  try {
    const body = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body);
    await pipeline(body, createWriteStream(partial, { flags: 'wx' }), { signal });
    const { size } = await stat(partial);
    await rename(partial, file);
    return size;
  } catch (thrown) {
    await rm(partial, { force: true });
    if (signal.aborted) throw signal.reason;
    throw writeFailure(thrown, file, client.url);
  }
}

/** A break of the connection is the gateway's; all else is of the file. */
function writeFailure(thrown: unknown, file: string, url: string): StarlingError {
  if (thrown instanceof TypeError) return unreachable(url, thrown);
  if (isSystemError(thrown, 'ENOENT') || isSystemError(thrown, 'ENOTDIR')) {
    return new StarlingError(
      'input-invalid',
      `The folder of ${file} is not there. Make it, or name another file.`,
      {
        cause: thrown,
      },
    );
  }
  return StarlingError.from(thrown, 'storage-failed', `${file} could not be written`);
}

/** `starling requests save`. */
export async function saveAnswer(
  session: Session,
  id: string,
  file: string,
  result: string | undefined,
): Promise<void> {
  const target = answerFile(file, result);
  const bytes = await interruptible((signal) => writeAnswer(session.client(), id, target, signal));
  session.show({ request: id, file, format: target.format, bytes }, () => savedText(file, bytes));
}

/** `Wrote answer.csv, 1.2 kB.` */
export function savedText(file: string, bytes: number): string {
  return `Wrote ${file}, ${bytesText(bytes)}.`;
}
