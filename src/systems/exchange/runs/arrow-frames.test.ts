import { Float64, Message, Table, tableFromIPC, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrowFrames, BadFrame, type ReadableFile } from './arrow-frames.js';

/** Bytes as an open file. */
function fileOf(bytes: Uint8Array): ReadableFile {
  return {
    read: async (into, offset, length, position) => {
      const part = bytes.subarray(position, position + length);
      into.set(part, offset);
      return { bytesRead: part.length };
    },
  };
}

async function framesOf(bytes: Uint8Array): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = [];
  for await (const frame of arrowFrames(fileOf(bytes), (metadata) => Message.decode(metadata).bodyLength))
    frames.push(frame);
  return frames;
}

const faultOf = (bytes: Uint8Array) =>
  framesOf(bytes).then(
    () => 'none',
    (error: unknown) => (error instanceof BadFrame ? error.fault : String(error)),
  );

const table = new Table({
  text: vectorFromArray(['one', 'two', null], new Utf8()),
  number: vectorFromArray([1, null, 3.5], new Float64()),
});
const whole = tableToIPC(table, 'stream');

describe('arrowFrames', () => {
  it('gives the messages of a stream as they are, and leaves what comes after its end', async () => {
    const frames = await framesOf(Buffer.concat([whole, Buffer.from('and more')]));
    expect(Buffer.concat(frames)).toEqual(Buffer.from(whole));
    expect(tableFromIPC(frames).numRows).toBe(3);
  });

  it('finds every stream that ends early', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        expect(await faultOf(whole.subarray(0, length))).toBe('cut');
      }),
    );
  });

  it('never reads by a length that the stream makes up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, value) => {
        const bytes = Uint8Array.from(whole);
        bytes[at] = value;
        expect(['none', 'cut', 'garbage']).toContain(await faultOf(bytes));
      }),
    );
    expect(await faultOf(Buffer.from('no Arrow stream at all'))).toBe('garbage');
  });
});
