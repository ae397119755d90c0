/** Where hosts that are there are in the state, each under its lease. */
export const hostsPrefix = 'hosts/';
/** Where it is what was said of a host, whether it is there or not. */
export const hostSettingsPrefix = 'hosts-settings/';
/** Where it is, by host, what it is to keep. */
export const assignmentsPrefix = 'assignments/';
/** Where it is how far a host's reports have come, under its lease. */
export const hostReportsPrefix = 'host-reports/';
/** What has no place. */
export const placementKey = 'placement';

/** A host that is there, as it is in the state under `hosts/NAME`, for as long as its lease counts. */
export interface HostRecord {
  readonly name: string;
  /** How many instances it has places for. */
  readonly capacity: number;
  /** SHA-256 of what only this host knows: by it a host that comes back is told from another of the same name. */
  readonly identity: string;
  /** Tells the process of the host that is there from those before. */
  readonly life: string;
  readonly version: string;
  /** ISO 8601, UTC, by the clock of the gateway. */
  readonly registeredAt: string;
  /** It is stopping, and takes nothing new. */
  readonly leaving?: true;
  /** It was removed by an operator, and is to end. */
  readonly removed?: true;
}

/** What was said of a host, as it is in the state under `hosts-settings/NAME`. */
export interface HostSettings {
  /** It is to keep nothing. */
  readonly drained: boolean;
  /** Why it is drained or not. */
  readonly because: string;
  /** ISO 8601, UTC. */
  readonly changedAt: string;
}

/** A slot that a host is to keep, and the generation that is to run in it. */
export interface AssignedSlot {
  readonly service: string;
  readonly slot: number;
  readonly generation: number;
}

/** What a host is to keep, as it is in the state under `assignments/HOST`. */
export interface AssignmentsRecord {
  readonly slots: readonly AssignedSlot[];
}

/** What has no place, and why, as it is in the state under `placement`. */
export interface PlacementRecord {
  readonly unplaced: readonly { readonly service: string; readonly slot: number; readonly because: string }[];
}
