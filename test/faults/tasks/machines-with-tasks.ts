import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../../operation/free-port.js';
import { Caller } from '../caller.js';
import { gatewayConfiguration } from '../consortium.js';
import type { Target } from '../inject.js';
import { type LabMachines, openMachines } from '../lab-machines.js';
import { starling } from '../process.js';
import { type ProcessPlan, processesOf, RunProcess } from './processes.js';
import type { OpenedEngines, TaskEngines } from './task-engines.js';

const workerNames = ['worker-1', 'worker-2', 'worker-3', 'worker-4'] as const;
const gatewayProgram = fileURLToPath(new URL('../programs/gateway.mjs', import.meta.url));
const workerProgram = fileURLToPath(
  new URL('../../../dist/systems/tasks/worker/photo-worker.js', import.meta.url),
);
const blobsProgram = fileURLToPath(new URL('../programs/held-blobs.mjs', import.meta.url));

/** Who is told of what processes say. */
export interface Listener {
  /** A line of a worker, with its name. */
  readonly onWorkerLine: (worker: string, line: string) => void;
  readonly onGatewayLine: (gateway: string, line: string) => void;
  readonly onSurprise: (what: string) => void;
}

/** Blobs as they are at the end: those that somebody holds, and how many nobody held. */
export interface HeldBlobs {
  readonly hashes: readonly string[];
  readonly removed: number;
}

/** Gateways that take files, and workers, each on a machine of its own, over TLS and signed in; with a desk for each gateway. */
export class MachinesWithTasks {
  readonly machines: LabMachines;
  /** One who calls each gateway, in their order. */
  readonly desks: Caller[] = [];
  readonly gateways = new Map<string, RunProcess>();
  readonly workers = new Map<string, RunProcess>();
  readonly #id = randomUUID();
  readonly #kind: TaskEngines;
  readonly #listener: Listener;
  readonly #folder: string;
  #engines: OpenedEngines | undefined;

  /** Sets all of it up by the commands that people use; resolves when all processes work. */
  static async open(kind: TaskEngines, listener: Listener): Promise<MachinesWithTasks> {
    const machines = await openMachines([...kind.servers, ...kind.gateways, ...workerNames, 'desk']);
    const folder = await mkdtemp(join(tmpdir(), 'starling-faults-'));
    const all = new MachinesWithTasks(kind, listener, machines, folder);
    try {
      await all.#setUp();
      return all;
    } catch (error) {
      await all.close();
      throw error;
    }
  }

  constructor(kind: TaskEngines, listener: Listener, machines: LabMachines, folder: string) {
    this.machines = machines;
    this.#kind = kind;
    this.#listener = listener;
    this.#folder = folder;
  }

  /** All that faults can hit. */
  get targets(): Target[] {
    const grouped = (group: string, processes: ReadonlyMap<string, RunProcess>) =>
      [...processes].map(
        ([name, process]): Target => ({ name, group, machine: this.machines.get(name), process }),
      );
    const servers = this.#engines?.targets ?? [];
    return [...grouped('gateway', this.gateways), ...grouped('worker', this.workers), ...servers];
  }

  /** What is stored now. Embedded blobs are looked at when their gateway was stopped. */
  async heldBlobs(): Promise<HeldBlobs> {
    const [gateway = ''] = this.#kind.gateways;
    const where = this.#engines?.blobs ?? { folder: join(this.#path(gateway), 'blobs') };
    const words = [blobsProgram, JSON.stringify(where)];
    const [command, ...rest] = this.machines.get('desk').command(process.execPath, ...words);
    return JSON.parse((await promisify(execFile)(command, rest, { maxBuffer: 1e8 })).stdout) as HeldBlobs;
  }

  /** Processes that are there though all were ended. */
  orphans(): Promise<number[]> {
    return processesOf(this.#id);
  }

  async stopWorkers(): Promise<void> {
    for (const worker of this.workers.values()) await worker.stop();
  }

  async close(): Promise<void> {
    for (const desk of this.desks) await desk.kill();
    for (const each of [...this.workers.values(), ...this.gateways.values()]) await each.kill();
    await this.#engines?.close();
    await this.machines.remove();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #setUp(): Promise<void> {
    const { gateways } = this.#kind;
    this.#engines = await this.#kind.open(this.machines);
    const [tls, ports] = [this.#path('tls'), await Promise.all(gateways.map(() => freePort()))];
    const urls = gateways.map((name, index) => `https://${this.machines.get(name).address}:${ports[index]}`);
    await writeFile(this.#path('gateway.yaml'), gatewayConfiguration());
    await this.#done('certificates', 'ca', '--out', tls);
    await mkdir(this.#path('keys'));
    for (const [index, name] of gateways.entries()) {
      const { address } = this.machines.get(name);
      await this.#done('certificates', 'issue', address, '--ca', tls, '--out', tls);
      await mkdir(this.#path(name));
      await symlink('../keys', join(this.#path(name), 'keys'));
      const options = {
        ...{ folder: this.#path(name), configurationFile: this.#path('gateway.yaml') },
        ...{ host: address, port: ports[index], publicUrl: urls[0], ownUrl: urls[index] },
        ...{ engines: this.#engines.addresses, authorities: join(tls, 'ca.crt') },
        leases: { hostMs: 10_000, taskMs: this.#kind.leaseMs },
        tls: { certificate: join(tls, `${address}.crt`), key: join(tls, `${address}.key`) },
      };
      await this.#start(this.gateways, {
        ...{ name, words: [gatewayProgram, JSON.stringify(options)], ready: 'up' },
        environment: () => ({}),
        onLine: (line) => this.#listener.onGatewayLine(name, line),
      });
    }
    const ca = { NODE_EXTRA_CA_CERTS: join(tls, 'ca.crt') };
    const token = await this.#token('operator');
    for (const [index, url] of urls.entries()) {
      const desk = new Caller(
        `desk-${index + 1}`,
        this.machines.get('desk'),
        { gateway: { url, token } },
        ca,
      );
      this.desks.push(desk);
      await desk.restart();
    }
    await writeFile(this.#path('worker.token'), await this.#token('service:photo-worker'));
    for (const [index, name] of workerNames.entries())
      await this.#startWorker(name, urls[index % urls.length] ?? '', ca);
  }

  async #startWorker(name: string, url: string, ca: Readonly<Record<string, string>>): Promise<void> {
    let starts = 0;
    await this.#start(this.workers, {
      ...{ name, words: [workerProgram], ready: 'ready' },
      environment: () => {
        starts += 1;
        const token = { STARLING_TOKEN_FILE: this.#path('worker.token') };
        return { ...ca, ...token, STARLING_URL: url, STARLING_INSTANCE: `${name}-${starts}` };
      },
      onLine: (line) => this.#listener.onWorkerLine(`${name}-${starts}`, line),
    });
  }

  async #start(
    among: Map<string, RunProcess>,
    plan: Omit<ProcessPlan, 'run' | 'machine' | 'onSurprise'>,
  ): Promise<void> {
    const machine = this.machines.get(plan.name);
    const { onSurprise } = this.#listener;
    const made = new RunProcess({ ...plan, machine, onSurprise, run: this.#id });
    among.set(plan.name, made);
    await made.restart();
  }

  async #token(role: string): Promise<string> {
    const [gateway = ''] = this.#kind.gateways;
    const words = ['token', '--user', `${role}@surf.example`, '--role', role, '--data', this.#path(gateway)];
    return (await this.#done(...words)).trim();
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  /** A command that has to succeed; gives its output. */
  async #done(...words: readonly string[]): Promise<string> {
    const [gateway = ''] = this.#kind.gateways;
    const ended = await starling(this.machines.get(gateway), words);
    if (ended.status !== 0) throw new Error(`starling ${words.join(' ')}: ${ended.errors}`);
    return ended.output;
  }
}
