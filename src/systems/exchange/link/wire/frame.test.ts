import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageFrames, readFrame, rowsFrame, rowsPerFrame } from './frame.js';
import { linkLimits } from './limits.js';

/** Puts the parts of a message together as they are read. */
function joined(frames: readonly Buffer[]): unknown {
  const parts = frames.map((frame) => readFrame(frame));
  const texts = parts.map((part) => (part.kind === 'text' ? part.bytes : Buffer.alloc(0)));
  return JSON.parse(Buffer.concat(texts).toString('utf8'));
}

describe('frames', () => {
  it('carry a message of any size in parts of which the last says so', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(200_000), (value, size) => {
        const message = { value, filled: 'é'.repeat(size) };
        const frames = messageFrames(message);
        expect(joined(frames)).toEqual(JSON.parse(JSON.stringify(message)));
        expect(frames.every((frame) => frame.length <= linkLimits.frameBytes)).toBe(true);
        const lasts = frames.map((frame) => {
          const part = readFrame(frame);
          return part.kind === 'text' && part.last;
        });
        expect(lasts.lastIndexOf(false)).toBe(frames.length - 2);
        expect(lasts.at(-1)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('carry rows with the order and the place that they belong to', () => {
    const rows = { call: 4_294_967_295, offset: 2 ** 47, bytes: Buffer.alloc(rowsPerFrame, 3) };
    const frame = rowsFrame(rows);
    expect(frame.length).toBe(linkLimits.frameBytes);
    expect(readFrame(frame)).toEqual({ kind: 'rows', rows });
  });

  it.each([[Buffer.alloc(0)], [Buffer.of(0)], [Buffer.of(4, 1)], [Buffer.of(3, 1, 2)]])(
    'refuse %j',
    (frame) => {
      expect(() => readFrame(frame)).toThrow(expect.objectContaining({ code: 'input-invalid' }));
    },
  );
});
