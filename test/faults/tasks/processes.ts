import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** Every process of a run has this in its environment, and whoever it starts. */
const mark = 'STARLING_FAULTS_TASKS';
/** What they have of ours beside it. */
const kept = ['PATH', 'TMPDIR', 'STARLING_FAULTS_RUN'];

/** A process of a run, and how it ended. */
export interface RunProcess {
  readonly child: ChildProcess;
  /** Its signal or status. */
  readonly ended: Promise<string>;
}

/** Starts a program of Node.js; `onLine` gets what it writes. */
export function startProcess(
  run: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): RunProcess {
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
      [mark]: run,
      ...environment,
    },
  });
  createInterface({ input: child.stdout }).on('line', onLine);
  createInterface({ input: child.stderr }).on('line', onLine);
  const ended = once(child, 'exit').then(([status, signal]) => String(signal ?? status));
  return { child, ended };
}

/** Processes of a run that are there; none where the system does not show the environment of processes. */
export async function processesOf(run: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // gone between the listing and the reading, or somebody else's
    const [read] = await Promise.allSettled([readFile(`/proc/${name}/environ`, 'utf8')]);
    if (read.status === 'fulfilled' && read.value.includes(`${mark}=${run}`)) found.push(Number(name));
  }
  return found;
}
