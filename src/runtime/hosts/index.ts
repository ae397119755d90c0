export {
  type AssignedService,
  capacitySchema,
  type HostContract,
  type HostLease,
  type HostLine,
  type HostOrders,
  type HostReport,
  hostNameSchema,
  mostReportedChanges,
  type Registration,
} from './contract.js';
export type { Host, Hosts } from './gateway/host-list.js';
export { type HostsOptions, type OpenedHosts, openHosts } from './gateway/open.js';
export type { HostStatus, RunningHost } from './host/host.js';
export { openHost } from './host/open.js';
export type { HostOptions } from './host/options.js';
