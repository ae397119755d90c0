import type { MadeFile } from '../tasks/made-files.js';

/** From one moment to another, in milliseconds of the machine's monotonic clock. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** An instance, and when it worked by what it wrote itself. */
export interface Life {
  readonly instance: string;
  readonly slot: number;
  readonly host: string;
  readonly periods: readonly Period[];
}

/** Why a host's instances may go on beside those that take their place: see `check-history.ts`. */
export interface HostPeriod extends Period {
  readonly host: string;
  readonly why: 'stopped' | 'drained';
}

/** From `at` on so many instances were wanted. */
export interface Wanted {
  readonly at: number;
  readonly count: number;
}

/** A task as it was seen at the end. */
export interface SeenTask {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly error?: { readonly code: string; readonly message: string };
}

/** What was uploaded, and its task where that was acknowledged. */
export interface Uploaded extends Pick<MadeFile, 'name' | 'expected'> {
  readonly task?: string;
}

/** An instance that the gateway says is ready. */
export interface ReadyInstance {
  readonly id: string;
  readonly slot: number;
  readonly host: string;
}

/** All that was recorded of a run. */
export interface HostsHistory {
  readonly uploaded: readonly Uploaded[];
  readonly final: readonly SeenTask[];
  /** SHA-256 of the results that were downloaded, by task. */
  readonly downloads: ReadonlyMap<string, string>;
  readonly lives: readonly Life[];
  readonly hostPeriods: readonly HostPeriod[];
  /** How long a host counts as there after a report, in milliseconds. */
  readonly leaseMs: number;
  /** What is wanted when all is over, and what is there then. */
  readonly wanted: number;
  readonly ready: readonly ReadyInstance[];
  /** Hosts that are drained then. */
  readonly drained: readonly string[];
  /** Instances that were there after all was ended. */
  readonly orphans: readonly number[];
}
