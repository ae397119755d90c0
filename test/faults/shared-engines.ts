import { missingEtcd, startEtcdCluster } from '../servers/etcd.js';
import { missingNats, startNats } from '../servers/nats.js';
import type { Target } from './inject.js';
import type { Machine } from './network.js';

/** Servers that the gateways of a consortium keep everything in, on machines of its network. */
export interface SharedEngines {
  readonly machines: readonly string[];
  open(machine: (name: string) => Machine): Promise<OpenedEngines>;
}

export interface OpenedEngines {
  /** How a gateway is told of them. */
  readonly words: readonly string[];
  /** What faults can hit of them. */
  readonly targets: readonly Target[];
  close(): Promise<void>;
}

const members = ['server-1', 'server-2', 'server-3'] as const;

/** Why there can be no such servers here; `undefined` where there can. */
export function missingEtcdAndNats(): string | undefined {
  return missingEtcd() ?? missingNats();
}

/** The state in three members of etcd, which faults hit; queues and blobs in one server of NATS, which they do not. */
export const etcdAndNats: SharedEngines = {
  machines: [...members, 'nats'],
  async open(machine) {
    const machines = members.map(machine);
    const cluster = await startEtcdCluster(members.length, { machines });
    try {
      const nats = await startNats({ machine: machine('nats') });
      const hosts = cluster.urls.map((url) => new URL(url).host);
      return {
        words: ['--state', `etcd://${hosts.join(',')}`, '--queue', nats.url],
        targets: cluster.members.flatMap((member, index) => {
          const own = machines[index];
          if (own === undefined) return [];
          const peers = machines.filter((other) => other !== own).map(({ address }) => address);
          return [{ name: own.name, group: 'server', machine: own, process: member, peers }];
        }),
        close: async () => {
          await nats.close();
          await cluster.close();
        },
      };
    } catch (error) {
      await cluster.close();
      throw error;
    }
  },
};
