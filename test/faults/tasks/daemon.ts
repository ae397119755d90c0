import { fileURLToPath } from 'node:url';
import { type RunProcess, startProcess } from './processes.js';

const program = fileURLToPath(new URL('tasks-daemon.mjs', import.meta.url));

export interface DaemonOptions {
  readonly run: string;
  readonly folder: string;
  readonly port: number;
  readonly leaseMs: number;
  /** What it writes to standard error, and that it ended by itself. */
  readonly onSurprise: (what: string) => void;
}

/** The daemon: one process after the other on one folder and one port. */
export class Daemon {
  readonly url: string;
  readonly #options: DaemonOptions;
  #process: RunProcess | undefined;
  #up: Promise<void>;

  constructor(options: DaemonOptions) {
    this.#options = options;
    this.url = `http://127.0.0.1:${options.port}`;
    this.#up = this.#start();
  }

  /** Resolves when it answers: at once, or after its next start. */
  up(): Promise<void> {
    return this.#up;
  }

  /** Kills it as a power cut would, and starts the next one; resolves when that answers. */
  async killAndStart(): Promise<void> {
    await this.#up;
    await this.#next('SIGKILL');
  }

  /** Stops it as an operator would, and starts the next one. */
  async restart(): Promise<void> {
    await this.#up;
    await this.#next('SIGTERM');
  }

  async stop(): Promise<void> {
    await this.#up;
    await this.#end('SIGTERM');
  }

  #next(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    // who loses the connection now waits for the next start, and does not ask in vain
    this.#up = this.#end(signal).then(() => this.#start());
    return this.#up;
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    running?.child.kill(signal);
    await running?.ended;
  }

  #start(): Promise<void> {
    const { run, folder, port, leaseMs, onSurprise } = this.#options;
    return new Promise((resolve, reject) => {
      const words = [program, folder, String(port), String(leaseMs)];
      const said: string[] = [];
      const started = startProcess(run, words, {}, (line) => {
        if (line.startsWith('up ')) return resolve();
        said.push(line);
        onSurprise(`the daemon said ${line}`);
      });
      this.#process = started;
      started.ended.then((how) => {
        if (this.#process !== started) return;
        onSurprise(`the daemon ended by itself with ${how}`);
        reject(new Error([`The daemon ended by itself with ${how}.`, ...said].join('\n')));
      }, reject);
    });
  }
}
