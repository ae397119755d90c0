import { missingEtcd } from '../../servers/etcd.js';
import { missingNats } from '../../servers/nats.js';
import { clusterMachines, etcd, type LabEngine, nats } from '../engines.js';
import type { Target } from '../inject.js';
import type { LabMachines } from '../lab-machines.js';
import type { SuiteEngine } from '../run-suite.js';

/** Engines as they run below gateways. */
export interface OpenedEngines {
  /** As gateways are told of them; nothing where they are embedded. */
  readonly addresses?: { readonly state: string; readonly queue: string };
  readonly targets: readonly Target[];
  /** Where blobs are, as `programs/held-blobs.mjs` is told; those of the only gateway where it is left out. */
  readonly blobs?: { readonly servers: readonly string[] };
  close(): Promise<void>;
}

/** Engines that tasks can be kept in, and how many gateways share them. */
export interface TaskEngines extends SuiteEngine {
  readonly gateways: readonly string[];
  /** Names of the machines that servers of engines run on. */
  readonly servers: readonly string[];
  /** How long a worker may be silent, in milliseconds. */
  readonly leaseMs: number;
  open(machines: LabMachines): Promise<OpenedEngines>;
}

/** One gateway, with everything in its folder. */
const local: TaskEngines = {
  gateways: ['gateway'],
  servers: [],
  leaseMs: 1_500,
  missing: () => undefined,
  open: async () => ({ targets: [], close: async () => {} }),
};

/** Two gateways that share three members of etcd and three servers of NATS, in pairs on three machines. */
const onServers: TaskEngines = {
  gateways: ['gateway-1', 'gateway-2'],
  servers: clusterMachines,
  leaseMs: 3_000,
  isExtra: true,
  missing: () => missingEtcd() ?? missingNats(),
  async open(machines) {
    const state = await etcd.open(machines);
    try {
      const queue = await nats.open(machines);
      const servers = 'nats' in queue.address ? queue.address.nats.servers : [];
      const endpoints = 'etcd' in state.address ? state.address.etcd.endpoints : [];
      const hosts = servers.map((url) => new URL(url).host);
      return {
        addresses: { state: `etcd://${endpoints.join()}`, queue: `nats://${hosts.join()}` },
        targets: [...asServers('etcd', state), ...asServers('nats', queue)],
        blobs: { servers },
        close: async () => {
          await queue.close();
          await state.close();
        },
      };
    } catch (error) {
      await state.close();
      throw error;
    }
  },
};

/** By the names that runs are asked for. */
export const taskEngines: Readonly<Record<string, TaskEngines>> = { local, etcd: onServers };

function asServers(what: string, { targets }: LabEngine): Target[] {
  return targets.map((target) => ({ ...target, name: `${what} ${target.name}`, group: what }));
}
