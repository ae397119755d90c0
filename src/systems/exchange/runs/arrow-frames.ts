/** Largest description of a schema or batch, and largest batch, in bytes: nothing is read whole that claims to be more. */
const mostMetadata = 4_000_000;
const mostBody = 64_000_000;
const continuation = 0xff_ff_ff_ff;

/** A file to read from, as `node:fs/promises` opens one. */
export interface ReadableFile {
  read(
    into: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
}

/** Why a file is no Arrow IPC stream: it ends in the middle, or it is something else. */
export type FrameFault = 'cut' | 'garbage';

/** A stream that cannot be read on. */
export class BadFrame extends Error {
  override readonly name = 'BadFrame';
  readonly fault: FrameFault;

  constructor(fault: FrameFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/**
 * The messages of an Arrow IPC stream in a file, one at a time, up to its end-of-stream marker. The lengths that the stream
 * claims are held against bounds before anything is read by them. Throws `BadFrame`.
 *
 * @param bodyLength the length of what follows a message, by its description
 */
export async function* arrowFrames(
  file: ReadableFile,
  bodyLength: (metadata: Uint8Array) => number,
): AsyncGenerator<Uint8Array> {
  let position = 0;
  const read = async (length: number): Promise<Buffer> => {
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length; ) {
      const { bytesRead } = await file.read(bytes, at, length - at, position + at);
      if (bytesRead === 0) throw new BadFrame('cut', `the stream ends at byte ${position + at}`);
      at += bytesRead;
    }
    position += length;
    return bytes;
  };
  for (;;) {
    const head = await read(8);
    if (head.readUInt32LE(0) !== continuation) throw new BadFrame('garbage', 'no Arrow message begins here');
    const length = head.readInt32LE(4);
    if (length === 0) {
      yield head;
      return;
    }
    if (length < 0 || length > mostMetadata) throw new BadFrame('garbage', `a message of ${length} bytes`);
    const metadata = await read(length);
    const body = lengthOf(metadata, bodyLength);
    yield Buffer.concat([head, metadata, await read(body)]);
  }
}

function lengthOf(metadata: Uint8Array, bodyLength: (metadata: Uint8Array) => number): number {
  let length: number;
  try {
    length = bodyLength(metadata);
  } catch (error) {
    throw new BadFrame('garbage', `a message that is none: ${String(error)}`);
  }
  if (Number.isSafeInteger(length) && length >= 0 && length <= mostBody) return length;
  throw new BadFrame('garbage', `a batch of ${length} bytes; at most ${mostBody} are taken`);
}
