import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { ServerMachine } from '../../servers/started-server.js';

/** Every process of a run has this in its environment, and whoever it starts. */
const mark = 'STARLING_FAULTS_TASKS';
/** What they have of ours beside it. */
const kept = ['PATH', 'TMPDIR', 'STARLING_FAULTS_RUN'];

/** What there is to know of a process of a run. */
export interface ProcessPlan {
  /** Of the run, as `processesOf` finds it. */
  readonly run: string;
  readonly name: string;
  readonly machine: ServerMachine;
  /** The program of Node.js and its arguments. */
  readonly words: readonly string[];
  /** What it has in its environment; asked at each start. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** The line by which it says that it works. */
  readonly ready: string;
  /** Gets what else it writes. */
  readonly onLine: (line: string) => void;
  /** That it ended by itself, or otherwise than it was told to. */
  readonly onSurprise: (what: string) => void;
}

/** A process of a run, which is killed and started again. */
export class RunProcess {
  readonly #plan: ProcessPlan;
  #running: { readonly child: ChildProcess; readonly ended: Promise<string> } | undefined;

  /** Resolves when it works. */
  static async start(plan: ProcessPlan): Promise<RunProcess> {
    const made = new RunProcess(plan);
    await made.restart();
    return made;
  }

  constructor(plan: ProcessPlan) {
    this.#plan = plan;
  }

  get pid(): number {
    if (this.#running?.child.pid === undefined) throw new Error(`${this.#plan.name} does not run.`);
    return this.#running.child.pid;
  }

  /** Starts it, ended before; resolves when it says that it works. */
  async restart(): Promise<void> {
    const { run, name, machine, words, environment, ready, onLine, onSurprise } = this.#plan;
    await this.stop();
    const [command, ...rest] = machine.command(process.execPath, ...words);
    const own = Object.fromEntries(kept.map((each) => [each, process.env[each]]));
    const child = spawn(command, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...own, [mark]: run, ...environment() },
    });
    const ended = once(child, 'exit').then(([status, signal]) => String(signal ?? status));
    const running = { child, ended };
    this.#running = running;
    await new Promise<void>((resolve, reject) => {
      const said: string[] = [];
      for (const input of [child.stdout, child.stderr])
        createInterface({ input }).on('line', (line) => {
          if (line === ready) return resolve();
          if (said.length < 100) said.push(line);
          onLine(line);
        });
      ended.then((how) => {
        if (this.#running !== running) return;
        this.#running = undefined;
        onSurprise(`${name} ended by itself with ${how}`);
        reject(new Error([`${name} ended by itself with ${how}.`, ...said].join('\n')));
      }, reject);
    });
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** As an operator would. */
  async stop(): Promise<void> {
    const how = await this.#end('SIGTERM');
    if (how !== undefined && how !== '0')
      this.#plan.onSurprise(`${this.#plan.name} was told to stop and ended with ${how}`);
  }

  /** As `kill`, for good. */
  close(): Promise<void> {
    return this.kill();
  }

  async #end(signal: NodeJS.Signals): Promise<string | undefined> {
    const running = this.#running;
    this.#running = undefined;
    running?.child.kill(signal);
    return running?.ended;
  }
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
