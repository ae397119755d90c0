import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../../kernel/errors/index.js';
import type { LogLine } from './log-line.js';

/** One file of a log, named for the sequence of its first line. */
export interface Segment {
  readonly path: string;
  readonly first: number;
}

/** The files of a log, oldest first. */
export async function listSegments(folder: string): Promise<Segment[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{16}\.jsonl$/.test(name)).sort();
  return names.map((name) => ({ path: join(folder, name), first: Number(name.slice(0, 16)) }));
}

/** The file that has the line with that sequence; the oldest where it is gone, `undefined` where there is none. */
export function segmentAt(segments: readonly Segment[], sequence: number): Segment | undefined {
  return segments.findLast(({ first }) => first <= sequence) ?? segments[0];
}

/** The sequence of the last line of a log; 0 where there is none. */
export async function lastSequence(segments: readonly Segment[]): Promise<number> {
  const newest = segments.at(-1);
  if (newest === undefined) return 0;
  const { lines } = await linesIn(newest, 0);
  return lines.at(-1)?.sequence ?? newest.first - 1;
}

/**
 * The whole lines of a file from `offset` on, and where they end. A line that breaks off, as after a crash, is left out. A file that
 * is gone has none: it was the oldest, and the newer ones took its place.
 */
export async function linesIn(
  segment: Segment,
  offset: number,
): Promise<{ readonly lines: LogLine[]; readonly end: number }> {
  let bytes: Buffer;
  try {
    const file = await open(segment.path, 'r');
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.max(0, size - offset));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      bytes = buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOENT')) return { lines: [], end: offset };
    throw thrown;
  }
  const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
  const lines = whole.toString('utf8').split('\n').slice(0, -1);
  return { lines: lines.map((line) => JSON.parse(line) as LogLine), end: offset + whole.length };
}
