import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openWhole } from '../../../src/kernel/closers/index.js';
import type { Caller } from '../caller.js';
import { gatewayConfiguration } from '../consortium.js';
import type { Target } from '../inject.js';
import { type GatewayEngine, type LabGateways, openGateways } from '../lab-gateways.js';
import { asTargets, type LabMachines } from '../lab-machines.js';
import { type ProcessPlan, processesOf, RunProcess } from './processes.js';

const workerNames = ['worker-1', 'worker-2', 'worker-3', 'worker-4'] as const;
const workerProgram = fileURLToPath(
  new URL('../../../dist/systems/tasks/worker/photo-worker.js', import.meta.url),
);
const blobsProgram = fileURLToPath(new URL('../programs/held-blobs.mjs', import.meta.url));

/** What tasks are kept in. */
export interface TaskEngine extends GatewayEngine {
  /** How long a worker may be silent, in milliseconds. */
  readonly leaseMs: number;
}

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

/** Starts a process of the run, and resolves when it works. */
type Start = (plan: Omit<ProcessPlan, 'run' | 'onSurprise'>) => Promise<RunProcess>;

/** Gateways that take files, and workers, each on a machine of its own, over TLS and signed in; with a desk for each gateway. */
export class MachinesWithTasks {
  readonly workers: ReadonlyMap<string, RunProcess>;
  readonly close: () => Promise<void>;
  readonly #run: string;
  readonly #gateways: LabGateways<RunProcess>;

  /** Sets all of it up by the commands that people use; resolves when all processes work. */
  static open({ shared, leaseMs }: TaskEngine, listener: Listener): Promise<MachinesWithTasks> {
    const run = randomUUID();
    const start: Start = (plan) => RunProcess.start({ ...plan, run, onSurprise: listener.onSurprise });
    return openWhole(async (closers) => {
      const gateways = closers.own(
        await openGateways({
          ...{ shared, others: workerNames },
          configuration: gatewayConfiguration,
          leases: { hostMs: 10_000, taskMs: leaseMs },
          start: ({ name, machine, program }) =>
            start({
              ...{ name, machine, words: program, ready: 'up' },
              environment: () => ({}),
              onLine: (line) => listener.onGatewayLine(name, line),
            }),
        }),
      );
      const workers = new Map<string, RunProcess>();
      await writeFile(
        gateways.path('worker.token'),
        await gateways.token('photo-worker', 'service:photo-worker'),
      );
      for (const [index, name] of workerNames.entries())
        workers.set(name, closers.own(await startWorker(gateways, name, index, start, listener)));
      return new MachinesWithTasks(run, gateways, workers, closers.close);
    });
  }

  constructor(
    run: string,
    gateways: LabGateways<RunProcess>,
    workers: ReadonlyMap<string, RunProcess>,
    close: () => Promise<void>,
  ) {
    this.#run = run;
    this.#gateways = gateways;
    this.workers = workers;
    this.close = close;
  }

  get machines(): LabMachines {
    return this.#gateways.machines;
  }

  get gateways(): ReadonlyMap<string, RunProcess> {
    return this.#gateways.processes;
  }

  /** One who calls each gateway, in their order. */
  get desks(): readonly Caller[] {
    return this.#gateways.desks;
  }

  /** All that faults can hit. */
  get targets(): Target[] {
    return [
      ...asTargets('gateway', this.gateways, this.machines),
      ...asTargets('worker', this.workers, this.machines),
      ...(this.#gateways.engines?.targets ?? []),
    ];
  }

  /** What is stored now. Embedded blobs are looked at when their gateway was stopped. */
  async heldBlobs(): Promise<HeldBlobs> {
    const [gateway = ''] = this.gateways.keys();
    const where = this.#gateways.engines?.blobs ?? { folder: this.#gateways.path(`${gateway}/blobs`) };
    const words = [blobsProgram, JSON.stringify(where)];
    const [command, ...rest] = this.machines.get('desk').command(process.execPath, ...words);
    return JSON.parse((await promisify(execFile)(command, rest, { maxBuffer: 1e8 })).stdout) as HeldBlobs;
  }

  /** Processes that are there though all were ended. */
  orphans(): Promise<number[]> {
    return processesOf(this.#run);
  }

  async stopWorkers(): Promise<void> {
    for (const worker of this.workers.values()) await worker.stop();
  }
}

async function startWorker(
  { machines, urls, authority, path }: LabGateways<RunProcess>,
  name: string,
  index: number,
  start: Start,
  { onWorkerLine }: Listener,
): Promise<RunProcess> {
  let starts = 0;
  return start({
    ...{ name, machine: machines.get(name), words: [workerProgram], ready: 'ready' },
    environment: () => {
      starts += 1;
      const access = { NODE_EXTRA_CA_CERTS: authority, STARLING_TOKEN_FILE: path('worker.token') };
      const url = urls[index % urls.length] ?? '';
      return { ...access, STARLING_URL: url, STARLING_INSTANCE: `${name}-${starts}` };
    },
    onLine: (line) => onWorkerLine(`${name}-${starts}`, line),
  });
}
