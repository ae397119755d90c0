import { z } from 'zod';
import type { LogLine } from '../logs/log-line.js';
import type { InstanceToken } from '../process/token-file.js';
import type { InstanceRecord, ServiceDeclaration } from '../service.js';

/** The name of a host. */
export const hostNameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]{0,62}$/,
    'a name of a host begins with a letter or digit and has at most 63 of a-z, 0-9, . and -',
  );

/** How many instances a host has places for. */
export const capacitySchema = z.int().min(1).max(1_000);

/** Most changes of instances that one report tells of. */
export const mostReportedChanges = 50;

/** What a host says of itself when it comes. */
export interface Registration {
  readonly capacity: number;
  /** What only this host knows, and keeps: it lets it take its own place again. */
  readonly identity: string;
  /** Tells this process of it from those before and after: what one process sends twice is taken once. */
  readonly life: string;
  readonly version: string;
  /** Its clock, in milliseconds since 1970. */
  readonly wallTime: number;
}

/** How long a host counts as there. */
export interface HostLease {
  readonly lease: string;
  /** From when the registration or report was sent. */
  readonly leaseMs: number;
}

/** What has changed at a host since the report before. */
export interface HostReport {
  readonly lease: string;
  /** Grows with each report under a lease, also with one that is sent again: what comes late is told by it. */
  readonly sequence: number;
  readonly changed: readonly InstanceRecord[];
  readonly gone: readonly Pick<InstanceRecord, 'service' | 'id'>[];
  /** It is stopping, and takes nothing new. */
  readonly leaving?: true;
}

/** A service of which a host is to keep instances. */
export interface AssignedService {
  readonly declaration: ServiceDeclaration;
  readonly slots: readonly { readonly slot: number; readonly generation: number }[];
}

/** All that a host is to keep, or that it was removed and is to end. */
export type HostOrders =
  | { readonly removed: false; readonly services: readonly AssignedService[] }
  | { readonly removed: true };

/** A line as a host sends it; its sequence is that of the host's own log of the service. */
export type HostLine = Omit<LogLine, 'service'>;

/**
 * What a host says to its gateway and hears from it. Any gateway of a consortium may be asked: what is said under a lease is in
 * the state. Whatever is said under a lease that has lapsed throws `lease-lapsed`.
 */
export interface HostContract {
  /** Throws `name-taken`, `input-invalid` and `clock-skewed`. */
  register(name: string, registration: Registration): Promise<HostLease>;
  /** Has the lease count for its full time again. Throws `revision-conflict` where a later report has come already. */
  report(name: string, report: HostReport): Promise<HostLease>;
  /** What it is to keep: now, and again after each change. Ends with the signal. */
  orders(name: string, lease: string, signal: AbortSignal): AsyncIterable<HostOrders>;
  /** A token for an instance of a service that it is to keep; `undefined` where nobody signs in. Throws `not-yours`. */
  token(
    name: string,
    lease: string,
    instance: Pick<InstanceRecord, 'service' | 'id'>,
  ): Promise<InstanceToken | undefined>;
  /** Takes lines of its instances of one service, oldest first. */
  log(name: string, lease: string, service: string, lines: readonly HostLine[]): Promise<void>;
  /** Ends the lease: the host is gone, and its instances are. */
  leave(name: string, lease: string): Promise<void>;
}
