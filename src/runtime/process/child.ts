import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { type CapSupport, type Caps, cappedCommand, watchResidentSize } from '../../kernel/caps/index.js';
import { stdioWithoutFiles } from '../../kernel/child-program/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { LineSplitter } from '../logs/line-splitter.js';
import { signal } from './left-behind.js';

export interface ChildOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly caps: Caps;
  readonly support: CapSupport;
  readonly clock: Clock;
  /** Takes what it wrote; the next lines are read when it has resolved. Must not reject. */
  readonly onLines: (stream: 'stdout' | 'stderr', lines: readonly string[]) => Promise<void>;
}

/** How long the last of the output may take once the process is gone: what it started may hold the pipe. */
const lastOutputMs = 1_000;
/** So much of its last words is told. */
const lastWords = 200;

/**
 * One child process, with a group of its own, so that all that it starts can be ended with it, and a Ctrl-C in the terminal is
 * not for it. It ends with this process, where the system can do that.
 */
export class Child {
  readonly pid: number | undefined;
  /** How it ended, in words; resolves when it is gone, with all that it started, and its output was read. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #options: ChildOptions;
  #complaint = '';

  constructor(options: ChildOptions) {
    const { command, folder, environment, caps, support, clock } = options;
    this.#options = options;
    const capped = cappedCommand(support, caps, command);
    this.#child = spawn(capped.command, capped.args, {
      cwd: folder,
      env: environment,
      stdio: stdioWithoutFiles(['ignore', 'pipe', 'pipe']),
      detached: true,
    });
    this.pid = this.#child.pid;
    const watchdog = support.limits
      ? undefined
      : watchResidentSize(this.pid, caps.dataMegabytes, clock, () => this.kill());
    this.ended = this.#untilEnded().finally(() => watchdog?.close());
  }

  /** Asks it to end. */
  terminate(): void {
    this.#child.kill('SIGTERM');
  }

  /** Ends it and all that it started, at once. */
  kill(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#killGroup();
  }

  async #untilEnded(): Promise<string> {
    const { stdout, stderr } = this.#child;
    const output = Promise.all([this.#read('stdout', stdout), this.#read('stderr', stderr)]);
    const how = await new Promise<string>((resolve) => {
      this.#child.once('error', (error) => resolve(`cannot be started: ${error.message}`));
      this.#child.once('exit', (code, name) => {
        // the id of the group is not given to anybody else as long as something is left in it
        this.#killGroup();
        resolve(this.#howItEnded(code, name));
      });
    });
    const late = new Promise<void>((resolve) => {
      const timer = this.#options.clock.timer(lastOutputMs, resolve);
      output.then(() => {
        timer.cancel();
        resolve();
      });
    });
    await late;
    for (const stream of [stdout, stderr]) stream?.destroy();
    return this.#complaint === '' || how.startsWith('ended with status 0')
      ? how
      : `${how}; it said: ${this.#complaint}`;
  }

  #howItEnded(code: number | null, name: NodeJS.Signals | null): string {
    if (name !== null) return `ended by ${name}`;
    // of `prlimit` and `setpriv`, as of a shell: the program is not there
    return code === 127 ? 'ended with status 127: there is no such command' : `ended with status ${code}`;
  }

  async #read(name: 'stdout' | 'stderr', stream: Readable | null): Promise<void> {
    const splitter = new LineSplitter();
    const take = async (lines: readonly string[]) => {
      const spoken = name === 'stderr' ? lines.findLast((line) => line.trim() !== '') : undefined;
      if (spoken !== undefined) this.#complaint = spoken.trim().slice(0, lastWords);
      if (lines.length > 0) await this.#options.onLines(name, lines);
    };
    try {
      for await (const chunk of stream ?? []) await take(splitter.push(chunk as Buffer));
    } catch (thrown) {
      // it was destroyed above, because what the process started holds the pipe; or else that is worth telling
      if (stream?.destroyed !== true) this.#complaint = `its ${name} cannot be read: ${String(thrown)}`;
    }
    await take(splitter.end());
  }

  #killGroup(): void {
    if (this.pid !== undefined) signal(-this.pid, 'SIGKILL');
  }
}
