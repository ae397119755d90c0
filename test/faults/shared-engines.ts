import { openWhole } from '../../src/kernel/closers/index.js';
import { missingEtcd, startEtcd, startEtcdCluster } from '../servers/etcd.js';
import { missingNats, startNats, startNatsCluster } from '../servers/nats.js';
import type { ServerGroup, ServerMachine } from '../servers/started-server.js';
import { clusterMachines, membersAsTargets } from './engines.js';
import type { Target } from './inject.js';
import type { LabMachines } from './lab-machines.js';

/** Servers that gateways keep everything in, on machines of their network. */
export interface SharedEngines {
  /** Names of those machines. */
  readonly machines: readonly string[];
  open(machines: Pick<LabMachines, 'get'>): Promise<OpenedEngines>;
}

export interface OpenedEngines {
  /** As gateways are told of them. */
  readonly addresses: { readonly state: string; readonly queue: string };
  /** Servers of NATS, where blobs are. */
  readonly blobs: { readonly servers: readonly string[] };
  /** What faults can hit of them. */
  readonly targets: readonly Target[];
  close(): Promise<void>;
}

/** Why there can be no such servers here; `undefined` where there can. */
export function missingEtcdAndNats(): string | undefined {
  return missingEtcd() ?? missingNats();
}

/** A server of etcd and one of NATS, on one machine, which no fault hits. */
export const oneOfEach: SharedEngines = {
  machines: ['engines'],
  open: (machines) =>
    openWhole(async (closers) => {
      const machine = machines.get('engines');
      const etcd = closers.own(await startEtcd({ machine }));
      const nats = closers.own(await startNats({ machine }));
      return { ...toldOf([etcd.url], [nats.url]), targets: [], close: closers.close };
    }),
};

/** The state in three members of etcd, which faults hit; queues and blobs in one server of NATS, which they do not. */
export const etcdMembers: SharedEngines = {
  machines: [...clusterMachines, 'nats'],
  open: (machines) =>
    openWhole(async (closers) => {
      const places = clusterMachines.map((name) => machines.get(name));
      const etcd = closers.own(await startEtcdCluster(places.length, { machines: places }));
      const nats = closers.own(await startNats({ machine: machines.get('nats') }));
      const targets = grouped('server', etcd, places);
      return { ...toldOf(etcd.urls, [nats.url]), targets, close: closers.close };
    }),
};

/** Three members of etcd and three servers of NATS, in pairs on three machines; faults hit all of them. */
export const pairsOfServers: SharedEngines = {
  machines: clusterMachines,
  open: (machines) =>
    openWhole(async (closers) => {
      const places = clusterMachines.map((name) => machines.get(name));
      const etcd = closers.own(await startEtcdCluster(places.length, { machines: places }));
      const nats = closers.own(await startNatsCluster(places.length, { machines: places }));
      const targets = [...grouped('etcd', etcd, places), ...grouped('nats', nats, places)];
      return { ...toldOf(etcd.urls, nats.urls), targets, close: closers.close };
    }),
};

function toldOf(
  etcd: readonly string[],
  nats: readonly string[],
): Pick<OpenedEngines, 'addresses' | 'blobs'> {
  const hosts = (urls: readonly string[]) => urls.map((url) => new URL(url).host).join();
  return {
    addresses: { state: `etcd://${hosts(etcd)}`, queue: `nats://${hosts(nats)}` },
    blobs: { servers: nats },
  };
}

function grouped(group: string, servers: ServerGroup, places: readonly ServerMachine[]): Target[] {
  return membersAsTargets(servers, places).map((target) => ({
    ...target,
    group,
    name: `${group} ${target.name}`,
  }));
}
