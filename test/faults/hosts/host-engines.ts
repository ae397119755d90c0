import { missingEtcd, startEtcd } from '../../servers/etcd.js';
import { missingNats, startNats } from '../../servers/nats.js';
import type { LabMachines } from '../lab-machines.js';
import type { SuiteEngine } from '../run-suite.js';

/** Engines below gateways, as these are told of them; nothing where they are embedded. */
export interface OpenedHostEngines {
  readonly addresses?: { readonly state: string; readonly queue: string };
  close(): Promise<void>;
}

/** Engines that hosts' gateways keep everything in, and how many gateways share them. */
export interface HostEngines extends SuiteEngine {
  readonly gateways: readonly string[];
  /** Names of the machines that servers of engines run on; no fault hits these. */
  readonly servers: readonly string[];
  open(machines: LabMachines): Promise<OpenedHostEngines>;
}

/** One gateway, with everything in its folder. */
const local: HostEngines = {
  gateways: ['gateway'],
  servers: [],
  missing: () => undefined,
  open: async () => ({ close: async () => {} }),
};

/** Two gateways that share a server of etcd and one of NATS. */
const onServers: HostEngines = {
  gateways: ['gateway-1', 'gateway-2'],
  servers: ['engines'],
  isExtra: true,
  missing: () => missingEtcd() ?? missingNats(),
  async open(machines) {
    const machine = machines.get('engines');
    const etcd = await startEtcd({ machine });
    try {
      const nats = await startNats({ machine });
      return {
        addresses: { state: etcd.url.replace('http:', 'etcd:'), queue: nats.url },
        close: async () => {
          await nats.close();
          await etcd.close();
        },
      };
    } catch (error) {
      await etcd.close();
      throw error;
    }
  },
};

/** By the names that runs are asked for. */
export const hostEngines: Readonly<Record<string, HostEngines>> = { local, etcd: onServers };
