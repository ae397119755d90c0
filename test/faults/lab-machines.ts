import type { FaultKind } from '../lab/schedule.js';
import { loopback, type ServerMachine } from '../servers/started-server.js';
import { missingForDelay } from './delayed-link.js';
import type { Target } from './inject.js';
import { type Machine, missingForDrops, missingForNetwork, openNetwork } from './network.js';

/** Where the processes of a run are: each on a machine of its own where there can be a network, else all on loopback. */
export interface LabMachines {
  /** For a report. */
  readonly where: string;
  get(name: string): ServerMachine | Machine;
  /** Faults that cannot be had here, and why. */
  readonly missing: ReadonlyMap<FaultKind, string>;
  remove(): Promise<void>;
}

/** Processes as faults can hit them, each on the machine of its name. */
export function asTargets(
  group: string,
  processes: ReadonlyMap<string, Target['process']>,
  machines: LabMachines,
): Target[] {
  return [...processes].map(([name, process]) => ({ name, group, machine: machines.get(name), process }));
}

/** Makes machines of these names. The caller removes them. */
export async function openMachines(names: readonly string[]): Promise<LabMachines> {
  const missingNetwork = await missingForNetwork();
  const missingDrops = missingNetwork ?? (await missingForDrops());
  const missingDelay = missingNetwork ?? (await missingForDelay());
  const reasons: readonly (readonly [FaultKind, string | undefined])[] = [
    ['cut', missingNetwork],
    ['cut from servers', missingDrops],
    ['lose packets', missingDrops],
    ['delay', missingDelay],
  ];
  const missing = new Map(
    reasons.flatMap(([kind, reason]) => (reason === undefined ? [] : [[kind, reason]])),
  );
  if (missingNetwork !== undefined)
    return { where: `on loopback (${missingNetwork})`, get: () => loopback, missing, remove: async () => {} };
  const { machines, remove } = await openNetwork(names);
  const get = (name: string) => {
    const machine = machines[name];
    if (machine === undefined) throw new Error(`There is no machine ${name}.`);
    return machine;
  };
  return { where: 'in network namespaces', get, missing, remove };
}
