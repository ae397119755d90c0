import { fileURLToPath } from 'node:url';
import { openWhole } from '../../src/kernel/closers/index.js';
import type { FaultKind } from '../lab/schedule.js';
import { freePort } from '../operation/free-port.js';
import { missingEtcd, startEtcdCluster } from '../servers/etcd.js';
import { missingNats, startNats, startNatsCluster } from '../servers/nats.js';
import { loopback, type ServerGroup, type ServerMachine, startServer } from '../servers/started-server.js';
import type { EngineAddress } from './caller.js';
import type { Target } from './inject.js';
import { openClock } from './lab-clock.js';
import { openDisk } from './lab-disk.js';
import type { LabMachines } from './lab-machines.js';
import { quotaOf } from './lab-quota.js';
import type { SuiteEngine } from './run-suite.js';

/** An engine as it runs, with what faults can hit of it. */
export interface LabEngine {
  readonly address: EngineAddress;
  readonly targets: readonly Target[];
  readonly missing: ReadonlyMap<FaultKind, string>;
  close(): Promise<void>;
}

/** An engine that a suite can run on. */
export interface EngineKind extends SuiteEngine {
  /** Names of the machines that its servers run on. */
  readonly servers: readonly string[];
  open(machines: LabMachines): Promise<LabEngine>;
}

/** Where the servers of a cluster are. */
export const clusterMachines = ['server-1', 'server-2', 'server-3'] as const;
/** What is not done to servers that are not ours. */
const notOfServers: readonly (readonly [FaultKind, string])[] = [
  ['fill disk', 'the engine has a test of its own for that'],
  ['turn clock', 'the engine asks the kernel for the time itself, past libfaketime'],
];

const serve = fileURLToPath(new URL('programs/serve.mjs', import.meta.url));
/** Megabytes of the disk of an embedded engine: its files stay far below that, so that all of the rest can be filled. */
const diskMegabytes = 256;

/** The embedded engine, as the server of one folder on a disk of its own, under a clock of its own. */
export function embedded(what: 'state' | 'queue'): EngineKind {
  return {
    servers: ['server'],
    missing: () => undefined,
    open: (machines) =>
      openWhole(async (closers) => {
        const machine = machines.get('server');
        const [disk, clock, port] = [await openDisk(diskMegabytes), await openClock(), await freePort()];
        const missing = new Map<FaultKind, string>();
        if (typeof disk === 'string') missing.set('fill disk', disk);
        else closers.push(() => disk.remove());
        if (typeof clock === 'string') missing.set('turn clock', clock);
        else closers.push(() => clock.remove());
        const before = typeof clock === 'string' ? [] : clock.command;
        const server = await startServer({
          url: `http://${machine.address}:${port}`,
          machine,
          words: (folder) => {
            const at = typeof disk === 'string' ? folder : disk.folder;
            const [command = '', ...rest] = [...before, process.execPath, serve, what, `${at}/${what}`];
            return [command, ...rest, machine.address, String(port)];
          },
          ready: /^up$/,
        });
        closers.own(server);
        const hit = {
          ...(typeof disk === 'string' ? {} : { disk }),
          ...(typeof clock === 'string' ? {} : { clock }),
        };
        return {
          address: { local: { host: machine.address, port } },
          targets: [{ name: 'server', machine, process: server, ...hit }],
          missing,
          close: closers.close,
        };
      }),
  };
}

/** The most that etcd stores, in bytes: many times what a run writes, and soon filled. */
const quotaBytes = 32 * 1024 * 1024;

/** Three members of etcd, each on its own machine. */
export const etcd: EngineKind = {
  servers: clusterMachines,
  missing: missingEtcd,
  async open(machines) {
    const places = clusterMachines.map((name) => machines.get(name));
    const options = [`--quota-backend-bytes=${quotaBytes}`];
    const cluster = await startEtcdCluster(3, { machines: places, options });
    const [first = loopback] = places;
    const quota = quotaOf(cluster.urls, first);
    const endpoints = cluster.urls.map((url) => new URL(url).host);
    return {
      address: { etcd: { endpoints } },
      targets: membersAsTargets(cluster, places).map((target) => ({ ...target, quota })),
      missing: new Map(notOfServers),
      close: () => cluster.close(),
    };
  },
};

/** Three servers of NATS, each on its own machine; every queue is kept on all of them. */
export const nats: EngineKind = {
  servers: clusterMachines,
  // servers of 2.9, as distributions have them, lose messages under these faults (docs/engines.md)
  isExtra: true,
  missing: missingNats,
  async open(machines) {
    const places = clusterMachines.map((name) => machines.get(name));
    const cluster = await startNatsCluster(3, { machines: places });
    return {
      address: { nats: { servers: cluster.urls, replicas: 3 } },
      targets: membersAsTargets(cluster, places),
      missing: new Map(notOfServers),
      close: () => cluster.close(),
    };
  },
};

/** One server of NATS by itself. */
export const oneNats: EngineKind = {
  servers: ['server'],
  isExtra: true,
  missing: missingNats,
  async open(machines) {
    const machine = machines.get('server');
    const server = await startNats({ machine });
    return {
      address: { nats: { servers: [server.url], replicas: 1 } },
      targets: [{ name: 'server', machine, process: server }],
      missing: new Map(notOfServers),
      close: () => server.close(),
    };
  },
};

/** The members of a cluster, as faults can hit them; `places` are their machines, in their order. */
export function membersAsTargets({ members }: ServerGroup, places: readonly ServerMachine[]): Target[] {
  return members.map((member, index) => {
    const machine = places[index] ?? loopback;
    const peers = places.filter((place) => place !== machine).map(({ address }) => address);
    return { name: `server ${index + 1}`, machine, process: member, peers };
  });
}
