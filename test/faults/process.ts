import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ServerMachine } from '../servers/started-server.js';

/** The command's program. */
export const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly status: number | string;
  readonly output: string;
  readonly errors: string;
}

/** Runs `starling` on a machine until it ends. */
export async function starling(
  machine: ServerMachine,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = start(machine, words, environment);
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const [status, signal] = await once(child, 'close');
  return { status: signal ?? status, output, errors };
}

/** What a command on a machine that has to succeed writes to its output, without space around it. */
export async function starlingOutput(machine: ServerMachine, ...words: readonly string[]): Promise<string> {
  const { status, output, errors } = await starling(machine, words);
  if (status !== 0) throw new Error(`starling ${words.join(' ')}: ${errors}`);
  return output.trim();
}

/** A daemon on a machine, and what it said so far. */
export class Daemon {
  readonly #child: ChildProcess;
  readonly #gone: Promise<unknown>;
  readonly #listeners = new Set<(line: string) => void>();
  readonly lines: string[] = [];

  /** Starts it; resolves when a line of its output has `until` in it. */
  static async start(
    machine: ServerMachine,
    words: readonly string[],
    until: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Daemon> {
    const daemon = new Daemon(start(machine, words, environment));
    await daemon.says(until);
    return daemon;
  }

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#gone = once(child, 'exit');
    for (const input of [child.stdout, child.stderr]) {
      if (input === null) throw new Error('What a daemon writes is read through pipes.');
      createInterface({ input }).on('line', (line) => {
        this.lines.push(line);
        for (const listener of [...this.#listeners]) listener(line);
      });
    }
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('The daemon could not be started.');
    return this.#child.pid;
  }

  /** Resolves with the next line that has `text` in it. */
  says(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (line: string) => {
        if (!line.includes(text)) return;
        this.#listeners.delete(look);
        resolve(line);
      };
      this.#listeners.add(look);
      this.#gone.then(
        () => reject(new Error(`The daemon ended and did not say "${text}":\n${this.lines.join('\n')}`)),
        reject,
      );
    });
  }

  /** Kills it as a power cut would; its runs go with it. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    await this.#gone;
  }
}

function start(
  machine: ServerMachine,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  // nsenter becomes the program itself, so that a signal to it is one to the program
  const [command, ...rest] = machine.command(process.execPath, main, ...words);
  return spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
}
