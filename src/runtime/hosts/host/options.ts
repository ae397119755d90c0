import type { LogStore } from '../../logs/log-store.js';
import type { InstanceOptions } from '../../process/instance-options.js';
import type { InstanceSurroundings } from '../../process/surroundings.js';
import type { HostContract } from '../contract.js';
import type { HostRecords } from './host-records.js';

/** What a host is made of; who it is, is in its folder as well. */
export interface HostOptions extends InstanceOptions {
  readonly name: string;
  /** How many instances it has places for. */
  readonly capacity: number;
  readonly version: string;
  /** Its line to the gateway. */
  readonly contract: HostContract;
}

/** What is made of the options once. */
export interface HostParts {
  readonly options: HostOptions;
  readonly records: HostRecords;
  readonly logs: LogStore;
  readonly surroundings: InstanceSurroundings;
  /** Tells this process of the host from those before and after. */
  readonly life: string;
}
