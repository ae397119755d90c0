import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program of this folder that runs as a child process, and the lines that it prints. */
export interface Program {
  readonly process: ChildProcessWithoutNullStreams;
  readonly lines: AsyncIterableIterator<string>;
  /** Resolves when the process is gone, with its signal or status. */
  readonly ended: Promise<string>;
}

/** Starts a program of this folder with arguments, under another command where one is given. */
export function start(program: string, args: readonly string[], under: readonly string[] = []): Program {
  const compiled = fileURLToPath(new URL('../../dist/kernel/state/index.js', import.meta.url));
  if (!existsSync(compiled)) throw new Error(`${compiled} is not there: run "npm run build".`);
  const file = fileURLToPath(new URL(program, import.meta.url));
  const [command = '', ...rest] = [...under, process.execPath, file, ...args];
  const child = spawn(command, rest);
  child.stderr.pipe(process.stderr);
  const ended = once(child, 'exit').then(([status, signal]) => String(signal ?? status));
  return { process: child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](), ended };
}

/** The next line of a program; throws where it ended instead. */
export async function nextLine(program: Program): Promise<string> {
  const line = await program.lines.next();
  if (line.done === true) throw new Error('The program ended before it said what was waited for.');
  return line.value;
}

/** Runs `use` with a new folder, and removes the folder afterwards. */
export async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-durability-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
