import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { monotonicMs } from '../lab/monotonic.js';
import type { Ending } from '../lab/tally.js';
import type { ServerMachine } from '../servers/started-server.js';

const program = fileURLToPath(new URL('programs/caller.mjs', import.meta.url));

/** How a call ended. Times are milliseconds of the machine's monotonic clock. */
export type Outcome<Result> =
  | { readonly calledAt: number; readonly at: number; readonly result: Result }
  | { readonly calledAt: number; readonly at: number; readonly error: CallError };

export interface CallError {
  readonly code: string;
  readonly message: string;
  /** Whether what was asked for was surely not done; else nobody knows. */
  readonly isRefused: boolean;
}

/** Codes of calls that were never sent. */
const absences = ['unreachable', 'caller-absent'];

/** What an outcome comes to. */
export function endingOf(outcome: Outcome<unknown>): Ending {
  if ('result' in outcome) return 'acknowledged';
  if (!outcome.error.isRefused) return 'unknown';
  return absences.includes(outcome.error.code) ? 'absent' : 'refused';
}

/** The engine that a caller is a client of, as `programs/caller.mjs` is told. */
export type EngineAddress =
  | { readonly local: { readonly host: string; readonly port: number } }
  | { readonly etcd: { readonly endpoints: readonly string[] } }
  | { readonly nats: { readonly servers: readonly string[]; readonly replicas: number } }
  | { readonly gateway: { readonly url: string; readonly token: string } };

interface Answer {
  readonly id: number;
  readonly calledAt?: number;
  readonly at?: number;
  readonly item?: unknown;
  readonly result?: unknown;
  readonly error?: CallError;
}

interface Waiting {
  readonly calledAt: number;
  readonly onItem: (item: unknown) => void;
  readonly resolve: (outcome: Outcome<unknown>) => void;
}

const gone: CallError = { code: 'caller-gone', message: 'The caller was killed.', isRefused: false };
const absent: CallError = { code: 'caller-absent', message: 'There is no caller now.', isRefused: true };

/** A client of an engine, as a process of its own that can be killed. What it was asked by then has an unknown outcome. */
export class Caller {
  readonly name: string;
  readonly machine: ServerMachine;
  readonly #engine: EngineAddress;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #failed: Promise<never>;
  #fail: (error: unknown) => void = () => {};
  #child: ChildProcess | undefined;
  #gone: Promise<readonly unknown[]> = Promise.resolve([]);
  #number = 0;

  /** `environment` is what it has beside ours. */
  constructor(
    name: string,
    machine: ServerMachine,
    engine: EngineAddress,
    environment: Readonly<Record<string, string>> = {},
  ) {
    this.name = name;
    this.machine = machine;
    this.#engine = engine;
    this.#environment = environment;
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // it is told by `failed`, whenever that is looked at
    this.#failed.catch(() => {});
  }

  /** Rejects as soon as it ended by itself. */
  get failed(): Promise<never> {
    return this.#failed;
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error(`${this.name} does not run.`);
    return this.#child.pid;
  }

  /** Resolves when it takes calls. Throws where it ended instead. */
  async restart(): Promise<void> {
    await this.kill();
    const words = this.machine.command(process.execPath, program, JSON.stringify(this.#engine));
    const [command, ...rest] = words;
    const child = spawn(command, rest, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...this.#environment },
    });
    this.#gone = once(child, 'exit');
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (status) =>
        reject(new Error(`${this.name} ended with ${status} before it was up.`)),
      );
      // a line that is written to one who was killed
      child.stdin.on('error', () => child.kill('SIGKILL'));
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line === 'up') return resolve();
        // a kill may cut the last line
        if (line.endsWith('}')) this.#answered(JSON.parse(line) as Answer);
      });
    });
    this.#child = child;
    this.#gone.then(([status]) => {
      if (this.#child !== child) return;
      this.#fail(new Error(`${this.name} ended by itself with ${status}.`));
      this.#giveUp();
    }, this.#fail);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    child?.kill('SIGKILL');
    await this.#gone;
    this.#giveUp();
  }

  /** Calls a method; after `patienceMs` it is not waited for any more. */
  ask<Result>(method: string, args: unknown, patienceMs: number): Promise<Outcome<Result>> {
    return this.#call(method, args, () => {}, patienceMs) as Promise<Outcome<Result>>;
  }

  /** Calls a method that tells of item after item; resolves with why it told no more. */
  async follow<Item>(
    method: string,
    args: unknown,
    onItem: (item: Item) => void,
  ): Promise<CallError | undefined> {
    const outcome = await this.#call(method, args, onItem as (item: unknown) => void);
    return 'error' in outcome ? outcome.error : undefined;
  }

  #call(
    method: string,
    args: unknown,
    onItem: (item: unknown) => void,
    patienceMs?: number,
  ): Promise<Outcome<unknown>> {
    const calledAt = monotonicMs();
    const input = this.#child?.stdin;
    if (!input?.writable) return Promise.resolve({ calledAt, at: calledAt, error: absent });
    this.#number += 1;
    const id = this.#number;
    return new Promise((resolve) => {
      this.#waiting.set(id, { calledAt, onItem, resolve });
      input.write(`${JSON.stringify({ id, method, args, patienceMs })}\n`);
    });
  }

  /** Nobody will answer what was asked. */
  #giveUp(): void {
    const at = monotonicMs();
    for (const { calledAt, resolve } of this.#waiting.values()) resolve({ calledAt, at, error: gone });
    this.#waiting.clear();
  }

  #answered({ id, calledAt = 0, at = 0, item, result, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    if (item !== undefined) {
      waiting?.onItem(item);
      return;
    }
    this.#waiting.delete(id);
    waiting?.resolve(error === undefined ? { calledAt, at, result } : { calledAt, at, error });
  }
}
