import { StarlingError } from '../../../../kernel/errors/index.js';
import { linkLimits } from './limits.js';

/** Rows of one order: a piece of an Arrow IPC stream, and where in the stream it belongs. */
export interface RowsFrame {
  readonly call: number;
  /** Bytes before this piece. */
  readonly offset: number;
  readonly bytes: Buffer;
}

/** One frame as it was received. */
export type Frame =
  | { readonly kind: 'text'; readonly last: boolean; readonly bytes: Buffer }
  | { readonly kind: 'rows'; readonly rows: RowsFrame };

const more = 1;
const last = 2;
const rows = 3;
/** Kind, call (32 bits), offset (48 bits). */
const rowsHeader = 11;

/** Bytes of rows that one frame takes. */
export const rowsPerFrame = linkLimits.frameBytes - rowsHeader;

/** Cuts a message into frames. */
export function messageFrames(message: object): readonly Buffer[] {
  const text = Buffer.from(JSON.stringify(message));
  const size = linkLimits.frameBytes - 1;
  const frames: Buffer[] = [];
  for (let start = 0; start < text.length; start += size) {
    const end = Math.min(text.length, start + size);
    frames.push(Buffer.concat([Buffer.of(end === text.length ? last : more), text.subarray(start, end)]));
  }
  return frames;
}

/** The frame of one piece of rows, at most `rowsPerFrame` bytes. */
export function rowsFrame({ call, offset, bytes }: RowsFrame): Buffer {
  const frame = Buffer.allocUnsafe(rowsHeader + bytes.length);
  frame.writeUInt8(rows, 0);
  frame.writeUInt32BE(call, 1);
  frame.writeUIntBE(offset, 5, 6);
  bytes.copy(frame, rowsHeader);
  return frame;
}

/** What a frame is. Throws `input-invalid` where it is nothing that is known. */
export function readFrame(frame: Buffer): Frame {
  const kind = frame[0];
  if (kind === more || kind === last) {
    return { kind: 'text', last: kind === last, bytes: frame.subarray(1) };
  }
  if (kind === rows && frame.length > rowsHeader) {
    const call = frame.readUInt32BE(1);
    return {
      kind: 'rows',
      rows: { call, offset: frame.readUIntBE(5, 6), bytes: frame.subarray(rowsHeader) },
    };
  }
  throw new StarlingError('input-invalid', 'The peer sent a frame of an unknown kind; the stream is closed.');
}
