import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Life, Period } from './history.js';

/** An instance that writes nothing for so long did not work meanwhile, in milliseconds: it writes every 100. */
const silenceMs = 1_500;

/** A line that `beating-worker.mjs` wrote. */
export interface Beat {
  readonly at: number;
  readonly instance: string;
  readonly pid: number;
  /** Its working folder, which is in that of its host. */
  readonly folder: string;
}

/** Reads what instances wrote; a kill may have cut the last line of each. */
export async function readBeats(folder: string): Promise<Beat[][]> {
  const all: Beat[][] = [];
  for (const name of await readdir(folder)) {
    const lines = (await readFile(join(folder, name), 'utf8')).split('\n');
    all.push(lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as Beat));
  }
  return all.filter((beats) => beats.length > 0);
}

/** When each instance worked; `folder` has a folder of each host. */
export function livesOf(all: readonly (readonly Beat[])[], folder: string): Life[] {
  return all.flatMap((beats) => {
    const [first] = beats;
    if (first === undefined) return [];
    const [host = ''] = relative(folder, first.folder).split(sep);
    const slot = Number(/-(\d+)-[^-]+$/.exec(first.instance)?.[1]);
    return [{ instance: first.instance, slot, host, periods: periodsOf(beats) }];
  });
}

function periodsOf(beats: readonly Beat[]): Period[] {
  const periods: Period[] = [];
  for (const { at } of beats) {
    const last = periods.at(-1);
    if (last !== undefined && at - last.to <= silenceMs) periods[periods.length - 1] = { ...last, to: at };
    else periods.push({ from: at, to: at });
  }
  return periods;
}

/** Processes of instances that are there; none where the system does not show the commands of processes. */
export async function stillThere(all: readonly (readonly Beat[])[]): Promise<number[]> {
  const found: number[] = [];
  for (const [first] of all) {
    if (first === undefined) continue;
    // whoever has ended has no command any more
    const [read] = await Promise.allSettled([readFile(`/proc/${first.pid}/cmdline`, 'utf8')]);
    if (read.status === 'fulfilled' && read.value.includes('beating-worker')) found.push(first.pid);
  }
  return found;
}
