import type { Readable } from 'node:stream';
import type { MultipartFile } from '@fastify/multipart';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { GatewayRequest } from '../../app.js';
import type { FormField } from './upload-settings.js';

/** What is taken of one request at most. */
export const formLimits = {
  // how long a file may be is the uploads' own matter
  fileSize: Number.POSITIVE_INFINITY,
  fieldSize: 65_536,
  fieldNameSize: 100,
  fields: 100,
  parts: 10_100,
  headerPairs: 20,
} as const;

/** A file as it comes. */
export interface ComingFile {
  readonly name: string;
  readonly mediaType: string;
  readonly source: AsyncIterable<Uint8Array>;
}

/** What is known of a file that was taken. */
export interface Taken {
  readonly task?: string;
  readonly duplicate?: boolean;
}

/** What became of a file. */
export interface ReceivedFile extends Taken {
  readonly name: string;
  readonly error?: StarlingError;
}

export interface ReceiveOptions {
  readonly onField: (field: FormField) => void;
  /** Takes one file. What it throws is that file's own, and the next one is taken all the same. */
  readonly take: (file: ComingFile) => Promise<Taken>;
  /** After how many bytes the rest of a file that was not taken is not read any more, nor what comes after it. */
  readonly mostDiscardedBytes: number;
  /** The name of a file whose part gives it none. Without it, such a file is not taken. */
  readonly unnamed?: string;
}

/** What became of the files of a request, and why the rest was not read where it was not. */
export interface ReceivedFiles {
  readonly files: readonly ReceivedFile[];
  readonly error?: StarlingError;
}

/**
 * Takes the files out of a form as they come, one after the other, none of them whole in memory. Throws what breaks the
 * request itself before there was a file, and whatever breaks it where the client is gone.
 */
export async function receiveFiles(request: GatewayRequest, options: ReceiveOptions): Promise<ReceivedFiles> {
  const files: ReceivedFile[] = [];
  try {
    for await (const part of request.parts({ limits: formLimits, preservePath: true })) {
      if (part.type === 'field') {
        options.onField(part as FormField);
        continue;
      }
      const received = await receiveFile(part, options);
      files.push(received);
      const rest = received.error === undefined || (await discard(part.file, options.mostDiscardedBytes));
      if (!rest) return { files, error: notRead(received.name) };
    }
  } catch (thrown) {
    if (request.raw.destroyed || files.length === 0) throw brokenForm(thrown);
    return { files, error: brokenForm(thrown) };
  }
  return { files };
}

async function receiveFile(
  part: MultipartFile,
  { take, unnamed = '' }: ReceiveOptions,
): Promise<ReceivedFile> {
  // a part need not name its file
  const { filename: name = unnamed, fieldname, mimetype, file } = part;
  try {
    assertOneFile(name, fieldname, mimetype);
    return { name, ...(await take({ name, mediaType: mimetype, source: piecesOf(file) })) };
  } catch (thrown) {
    return { name: name === '' ? fieldname : name, error: StarlingError.from(thrown) };
  }
}

function assertOneFile(name: string, fieldname: string, mediaType: string): void {
  const invalid = (message: string) => new StarlingError('input-invalid', message);
  if (/^multipart\//i.test(mediaType))
    throw invalid(`The part ${fieldname} holds several files in one. Send each file in a part of its own.`);
  if (name === '') throw invalid(`The part ${fieldname} has no file name. Give each file one.`);
  if (name.length > 500 || /\p{Cc}/u.test(name))
    throw invalid(
      `The name of the file in part ${fieldname} has more than 500 characters, or control characters.`,
    );
}

/** The bytes of a file, which is not destroyed where they are not read to the end: that would end the whole form. */
function piecesOf(file: Readable): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => file.iterator({ destroyOnReturn: false }) };
}

/** Throws the rest of a file away, up to `most` bytes; whether that was all of it. */
async function discard(file: Readable, most: number): Promise<boolean> {
  let bytes = 0;
  for await (const piece of piecesOf(file)) {
    bytes += piece.byteLength;
    if (bytes > most) return false;
  }
  return true;
}

function notRead(name: string): StarlingError {
  return new StarlingError(
    'input-too-large',
    `${name} does not end, and nothing after it was read. Send the files after it again, and this one smaller.`,
  );
}

function brokenForm(thrown: unknown): StarlingError {
  if (thrown instanceof StarlingError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new StarlingError('input-invalid', `The form cannot be read: ${message}. Send it again.`, {
    cause: thrown,
  });
}
