import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Where a server runs: as `Machine` of `test/faults/network.ts` has it. */
export interface ServerMachine {
  readonly address: string;
  command(command: string, ...args: string[]): readonly [string, ...string[]];
}

/** This machine, reached on loopback. */
export const loopback: ServerMachine = {
  address: '127.0.0.1',
  command: (command, ...args) => [command, ...args],
};

/** A server that a test started. */
export interface StartedServer {
  /** What a client connects to. */
  readonly url: string;
  /** Of the process that runs now. */
  readonly pid: number;
  /** As a power cut would. */
  kill(): Promise<void>;
  /** As an operator would. */
  stop(): Promise<void>;
  /** Starts it again where it was, with its data; one that runs is stopped first. */
  restart(): Promise<void>;
  /** Ends it, and removes its data. */
  close(): Promise<void>;
}

/** What there is to know of a server before it is started. */
export interface ServerPlan {
  readonly url: string;
  /** The words of its command; `folder` is its own, for data and configuration. */
  readonly words: (
    folder: string,
  ) => Promise<readonly [string, ...string[]]> | readonly [string, ...string[]];
  /** A line of its output that has this says that it is ready. */
  readonly ready: RegExp;
  /** Hears each line of its output. */
  readonly onLine?: (line: string) => void;
  readonly machine?: ServerMachine;
}

/** Starts a server; resolves when it is ready. */
export async function startServer(plan: ServerPlan): Promise<StartedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-server-'));
  const server = new ServerProcess(plan, folder);
  try {
    await server.start();
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Several servers as one, as a cluster of them is handled. */
export class ServerGroup<Server extends StartedServer = StartedServer> {
  readonly members: readonly Server[];

  /** Those that are being started: all of them, or none where one fails. */
  static async of<Server extends StartedServer>(
    starting: readonly Promise<Server>[],
  ): Promise<ServerGroup<Server>> {
    const members = await Promise.allSettled(starting);
    const group = new ServerGroup(members.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    const failed = members.find((one) => one.status === 'rejected');
    if (failed === undefined) return group;
    await group.close();
    throw failed.reason;
  }

  constructor(members: readonly Server[]) {
    this.members = members;
  }

  get urls(): string[] {
    return this.members.map(({ url }) => url);
  }

  async kill(): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
  }

  async restart(): Promise<void> {
    await this.stop();
    await Promise.all(this.members.map((member) => member.restart()));
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map((member) => member.close()));
  }
}

class ServerProcess implements StartedServer {
  readonly #plan: ServerPlan;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #gone: Promise<unknown> = Promise.resolve();

  constructor(plan: ServerPlan, folder: string) {
    this.#plan = plan;
    this.#folder = folder;
  }

  get url(): string {
    return this.#plan.url;
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error(`The server at ${this.url} does not run.`);
    return this.#child.pid;
  }

  async start(): Promise<void> {
    const { words, ready, onLine, machine = loopback } = this.#plan;
    const [command, ...args] = machine.command(...(await words(this.#folder)));
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#gone = once(child, 'exit');
    const lines: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const ended = () =>
        reject(new Error(`The server ended before it was ready:\n${lines.slice(-20).join('\n')}`));
      child.once('error', reject);
      child.once('exit', ended);
      for (const input of [child.stdout, child.stderr])
        createInterface({ input }).on('line', (line) => {
          // what comes later is read, so that the server can write it, and forgotten
          if (lines.length < 10_000) lines.push(line);
          onLine?.(line);
          if (!ready.test(line)) return;
          child.off('exit', ended);
          resolve();
        });
    });
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined) return;
    child.kill(signal);
    await this.#gone;
  }
}
