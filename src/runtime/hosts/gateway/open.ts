import type { Clock } from '../../../kernel/clock/index.js';
import type { Lead } from '../../../kernel/control/index.js';
import type { State } from '../../../kernel/state/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import type { InstanceToken } from '../../process/token-file.js';
import type { Runtime } from '../../runtime.js';
import type { HostContract } from '../contract.js';
import { HostDesk } from './host-desk.js';
import { HostList, type Hosts } from './host-list.js';
import { HostsRuntime } from './hosts-runtime.js';
import { SharedLog } from './shared-log.js';

export interface HostsOptions {
  readonly state: State;
  readonly clock: Clock;
  /** Random numbers in [0, 1), such as `Math.random`. */
  readonly random: () => number;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Has instances placed by one process alone of those that share the state. */
  readonly lead: Lead;
  /** Names of programs of our own that hosts have. */
  readonly programs: readonly string[];
  /** Makes a token that lets an instance in; absent where nobody signs in. */
  readonly mint?: ((instance: { service: string; id: string }) => Promise<InstanceToken>) | undefined;
  /** How long a host counts as there once nothing is heard of it, in milliseconds. Default: 10,000. */
  readonly hostLeaseMs?: number;
}

/** A gateway's side of hosts. */
export interface OpenedHosts {
  /** Places instances, from `start` to `close`, where no other gateway does. */
  readonly runtime: Runtime;
  /** What hosts say and hear. */
  readonly desk: HostContract;
  /** What people see and change of them. */
  readonly hosts: Hosts;
}

/** Services on hosts over `state`, which several gateways may share. */
export function openHosts(options: HostsOptions): OpenedHosts {
  const { state, clock, random, logger, lead, programs, mint } = options;
  const { hostLeaseMs = 10_000 } = options;
  const log = new SharedLog(state);
  return {
    runtime: new HostsRuntime({ state, clock, random, logger, log, lead, programs }),
    desk: new HostDesk({ state, clock, logger, log, leaseMs: hostLeaseMs, mint }),
    hosts: new HostList(state, clock),
  };
}
