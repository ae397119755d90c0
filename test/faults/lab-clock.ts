import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** libfaketime of Debian, for the processor that this runs on. */
const library = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketime.so.1`;

/** The clock of the wall, as some processes see it: it can be turned while they run. Their monotonic clock stays right. */
export interface LabClock {
  /** What goes before a command so that it sees this clock. */
  readonly command: readonly string[];
  turn(milliseconds: number): Promise<void>;
  remove(): Promise<void>;
}

/** Makes a clock; a reason instead where there can be none. */
export async function openClock(): Promise<LabClock | string> {
  if (!existsSync(library)) return `there is no ${library} (package libfaketime)`;
  const folder = await mkdtemp(join(tmpdir(), 'starling-clock-'));
  const file = join(folder, 'offset');
  const turn = async (milliseconds: number) => {
    const seconds = milliseconds / 1_000;
    await writeFile(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    await rename(`${file}.new`, file);
  };
  await turn(0);
  const variables = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  };
  return {
    command: ['env', ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)],
    turn,
    remove: () => rm(folder, { recursive: true }),
  };
}
