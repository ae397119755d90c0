import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineSplitter, longestLine } from './line-splitter.js';

function split(chunks: readonly Buffer[]): string[] {
  const splitter = new LineSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

it('gives the same lines however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), fc.nat(), (texts, at) => {
      const lines = texts.map((text) => text.replace(/[\r\n]/g, ''));
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const cut = at % (bytes.length + 1);
      expect(split([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(split([bytes]));
      expect(split([bytes])).toEqual(bytes.toString('utf8').split('\n').slice(0, -1));
    }),
  );
});

it('keeps the last line though its end is missing, and takes carriage returns off', () => {
  expect(split([Buffer.from('one\r\ntwo\n\nthree')])).toEqual(['one', 'two', '', 'three']);
  expect(split([])).toEqual([]);
});

it('cuts lines that are too long, and remembers no more than one of them', () => {
  const bytes = Buffer.alloc(longestLine * 2 + 5, 'x');
  expect(split([bytes]).map(({ length }) => length)).toEqual([longestLine, longestLine, 5]);
  expect(split([bytes, Buffer.from('\n')]).map(({ length }) => length)).toEqual([
    longestLine,
    longestLine,
    5,
  ]);
  expect(split([Buffer.concat([bytes, Buffer.from('\n')])]).map(({ length }) => length)).toEqual([
    longestLine,
    longestLine,
    5,
  ]);
});
