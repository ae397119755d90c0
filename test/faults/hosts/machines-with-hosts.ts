import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openWhole } from '../../../src/kernel/closers/index.js';
import { type ServerMachine, type StartedServer, startServer } from '../../servers/started-server.js';
import type { Caller } from '../caller.js';
import { gatewayConfiguration } from '../consortium.js';
import type { Target } from '../inject.js';
import { type GatewayEngine, type LabGateways, openGateways } from '../lab-gateways.js';
import { asTargets, type LabMachines } from '../lab-machines.js';
import { main } from '../process.js';

export const hostNames = ['h1', 'h2', 'h3'] as const;
export const service = 'photo-worker';
/** Places of each host: any one of them has room for all instances that are ever wanted. */
export const most = 6;
/** How long a host, and a worker, may be silent, in milliseconds. */
export const leases = { hostMs: 4_000, taskMs: 4_000 } as const;

const workerProgram = fileURLToPath(new URL('beating-worker.mjs', import.meta.url));

/** Gateways and three hosts, each on a machine of its own, and a desk for each gateway; over TLS, signed in. */
export class MachinesWithHosts {
  readonly #gateways: LabGateways<StartedServer>;
  readonly #hosts: ReadonlyMap<string, StartedServer>;
  readonly close: () => Promise<void>;

  /** Sets all of it up by the commands that people use; resolves when the hosts are connected. */
  static open({ shared }: GatewayEngine): Promise<MachinesWithHosts> {
    return openWhole(async (closers) => {
      const gateways = closers.own(
        await openGateways({
          ...{ shared, leases, others: hostNames },
          configuration: (path) => `${gatewayConfiguration()}\n${services(path('beats'))}\n`,
          start: ({ machine, url, program }) => start(machine, url, program, /^up$/),
        }),
      );
      await mkdir(gateways.path('beats'));
      const hosts = new Map<string, StartedServer>();
      for (const [index, name] of hostNames.entries())
        hosts.set(name, closers.own(await startHost(gateways, name, index)));
      return new MachinesWithHosts(gateways, hosts, closers.close);
    });
  }

  constructor(
    gateways: LabGateways<StartedServer>,
    hosts: ReadonlyMap<string, StartedServer>,
    close: () => Promise<void>,
  ) {
    this.#gateways = gateways;
    this.#hosts = hosts;
    this.close = close;
  }

  get machines(): LabMachines {
    return this.#gateways.machines;
  }

  /** One who calls each gateway, in their order. */
  get desks(): readonly Caller[] {
    return this.#gateways.desks;
  }

  /** All that faults can hit: gateways as often as hosts. */
  get targets(): Target[] {
    const gateways = asTargets('gateway', this.#gateways.processes, this.machines);
    const often = Math.ceil(this.#hosts.size / gateways.length);
    const hosts = asTargets('host', this.#hosts, this.machines);
    return [...Array.from({ length: often }, () => gateways).flat(), ...hosts];
  }

  /** Where instances write when they work, and where hosts have their folders. */
  get beats(): string {
    return this.#gateways.path('beats');
  }
  get hosts(): string {
    return this.#gateways.path('hosts');
  }

  /** Ends all as operators would: the hosts, and then the gateways. */
  async stop(): Promise<void> {
    for (const server of [...this.#hosts.values(), ...this.#gateways.processes.values()]) await server.stop();
  }
}

/** Hosts dial all gateways, and do not all begin with the same. */
async function startHost(
  { machines, urls, authority, path, token }: LabGateways<StartedServer>,
  name: string,
  index: number,
): Promise<StartedServer> {
  const first = index % urls.length;
  const dialled = [...urls.slice(first), ...urls.slice(0, first)];
  const file = path(`${name}.token`);
  await writeFile(file, await token(name, `host:${name}`));
  const words = ['--name', name, '--capacity', String(most), '--gateway', ...dialled];
  const where = ['--token-file', file, '--data', path(`hosts/${name}`), '--ca', authority];
  const program = [main, 'serve', 'host', ...words, ...where];
  return start(machines.get(name), urls[first] ?? '', program, /Connection\s+connected/);
}

function start(
  machine: ServerMachine,
  url: string,
  program: readonly string[],
  ready: RegExp,
): Promise<StartedServer> {
  return startServer({ url, machine, words: () => [process.execPath, ...program], ready });
}

/** Declares the photo workers, which write down in a folder when they work. */
function services(beats: string): string {
  const command = [process.execPath, workerProgram];
  // none until all hosts are there, so that they are spread over these
  const replicas = { desired: 0, min: 0, max: most };
  const environment = { BEATS: beats };
  const declared = { command, environment, replicas, readiness: 'line', graceSeconds: 5 };
  return `services: ${JSON.stringify({ [service]: declared })}`;
}
