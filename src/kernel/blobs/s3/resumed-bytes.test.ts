import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { resumedBytes } from './resumed-bytes.js';

const bytes = Buffer.from('0123456789');

/** Answers with a range, one byte after the other, and breaks off after some. */
async function* answer(start: number, end: number, bytesBeforeBreak: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; at += 1) {
    if (at - start === bytesBeforeBreak) throw new Error(`broken off at ${at}`);
    yield bytes.subarray(at, at + 1);
  }
}

it('goes on where an answer broke off, each byte once', async () => {
  const asked: unknown[] = [];
  const all = resumedBytes(answer(2, 9, 3), { start: 2, end: 9 }, async ({ start, end }) => {
    asked.push([start, end]);
    return answer(start, end, asked.length === 1 ? 0 : 3);
  });
  expect((await buffer(all)).toString()).toBe('2345678');
  expect(asked).toEqual([
    [5, 9],
    [5, 9],
    [8, 9],
  ]);
});

it('asks for nothing where an answer breaks off after its last byte', async () => {
  const ask = () => Promise.reject(new Error('asked'));
  expect((await buffer(resumedBytes(answer(0, 10, 11), { start: 0, end: 10 }, ask))).toString()).toBe(
    '0123456789',
  );
  async function* brokenAtEnd() {
    yield bytes;
    throw new Error('broken off at the end');
  }
  expect((await buffer(resumedBytes(brokenAtEnd(), { start: 0, end: 10 }, ask))).toString()).toBe(
    '0123456789',
  );
});

it('gives up where answers break off without a byte again and again', async () => {
  let asked = 0;
  const all = resumedBytes(answer(0, 10, 4), { start: 0, end: 10 }, async ({ start, end }) => {
    asked += 1;
    return answer(start, end, 0);
  });
  await expect(buffer(all)).rejects.toThrow('broken off at 4');
  expect(asked).toBe(3);
});
