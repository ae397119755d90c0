import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Entry, Json, Lease, State } from '../../../kernel/state/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import { changesUnder } from '../../changes-under.js';
import type { InstanceToken } from '../../process/token-file.js';
import { instancesPrefix, servicesPrefix } from '../../registry.js';
import type { InstanceRecord, ServiceRecord } from '../../service.js';
import type {
  AssignedService,
  HostContract,
  HostLease,
  HostLine,
  HostOrders,
  HostReport,
  Registration,
} from '../contract.js';
import {
  type AssignmentsRecord,
  assignmentsPrefix,
  type HostRecord,
  type HostSettings,
  hostReportsPrefix,
  hostSettingsPrefix,
  hostsPrefix,
} from '../records.js';
import { assertUsable } from './registration.js';
import type { SharedLog } from './shared-log.js';

export interface HostDeskOptions {
  readonly state: State;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly log: SharedLog;
  /** How long a host counts as there once nothing is heard of it, in milliseconds; an engine may round it up. */
  readonly leaseMs: number;
  /** Makes a token that lets an instance in; absent where nobody signs in. */
  readonly mint?: ((instance: { service: string; id: string }) => Promise<InstanceToken>) | undefined;
}

/** A host's entry in the state, with the lease that it counts under. */
interface Presence {
  readonly entry: Entry;
  readonly record: HostRecord;
}

/** The gateway's side of what hosts say. It keeps nothing: all is in the state, so that any gateway may be asked. */
export class HostDesk implements HostContract {
  readonly #options: HostDeskOptions;

  constructor(options: HostDeskOptions) {
    this.#options = options;
  }

  async register(name: string, registration: Registration): Promise<HostLease> {
    const { state, clock, leaseMs, logger } = this.#options;
    assertUsable(name, registration, clock.wallTime());
    const identity = createHash('sha256').update(registration.identity).digest('hex');
    const before = await state.get(hostsPrefix + name);
    if (before !== undefined && hostOf(before).identity !== identity) {
      const seconds = leaseMs / 1_000;
      const message = `There is a host ${name} already, and it is another one, which counts as there until ${seconds} s after it was last heard of. This one takes the name by itself when it is free then; if the other is to stay, give this one another name with --name.`;
      throw new StarlingError('name-taken', message, { details: { host: name, leaseMs } });
    }
    const settings = await state.get(hostSettingsPrefix + name);
    const lease = await state.lease(leaseMs);
    const registeredAt = new Date(clock.wallTime()).toISOString();
    const { capacity, version, life } = registration;
    const record: HostRecord = { name, capacity, identity, life, version, registeredAt };
    const first: HostSettings = { drained: false, because: 'it is new', changedAt: registeredAt };
    const { succeeded } = await state.transaction({
      compare: [
        { key: hostsPrefix + name, modRevision: before?.modRevision ?? 0 },
        { key: hostSettingsPrefix + name, modRevision: settings?.modRevision ?? 0 },
      ],
      success: [
        { put: hostsPrefix + name, value: record as unknown as Json, lease: lease.id },
        { put: hostReportsPrefix + name, value: { sequence: 0 }, lease: lease.id },
        ...(settings === undefined
          ? [{ put: hostSettingsPrefix + name, value: first as unknown as Json }]
          : []),
      ],
    });
    if (!succeeded) {
      await lease.revoke();
      throw new StarlingError('revision-conflict', `The host ${name} was changed meanwhile. Register again.`);
    }
    // only what it told of before ends with it: the host itself is under the new one by now
    if (before?.lease !== undefined) await revokeIfThere(state, before.lease);
    logger.info({ host: name, capacity, version }, 'a host has come');
    return { lease: lease.id, leaseMs: lease.ttlMs };
  }

  async report(name: string, report: HostReport): Promise<HostLease> {
    const { entry, record } = await this.#present(name, report.lease);
    const lease = await this.#options.state.resumeLease(report.lease);
    await lease.keepAlive();
    const { changed, gone, leaving } = report;
    if (changed.length > 0 || gone.length > 0) await this.#keep(name, entry, report);
    if (leaving === true && record.leaving === undefined) await this.#leaving(entry, record, lease);
    return { lease: lease.id, leaseMs: lease.ttlMs };
  }

  async *orders(name: string, lease: string, signal: AbortSignal): AsyncGenerator<HostOrders> {
    const ended = new AbortController();
    const prefixes = [hostsPrefix + name, assignmentsPrefix + name, servicesPrefix];
    const both = AbortSignal.any([signal, ended.signal]);
    const changes = changesUnder(this.#options.state, prefixes, both);
    try {
      let last = await this.#ordersOf(name, lease);
      yield last;
      for await (const _change of changes) {
        const next = await this.#ordersOf(name, lease);
        if (isDeepStrictEqual(next, last)) continue;
        last = next;
        yield next;
      }
    } finally {
      ended.abort();
    }
  }

  async token(
    name: string,
    lease: string,
    { service, id }: Pick<InstanceRecord, 'service' | 'id'>,
  ): Promise<InstanceToken | undefined> {
    await this.#present(name, lease);
    const { slots } = await this.#assignments(name);
    if (!slots.some((one) => one.service === service)) {
      const message = `The host ${name} is to keep no instance of ${service}, and gets no token for one.`;
      throw new StarlingError('not-yours', message, { details: { host: name, service } });
    }
    return this.#options.mint?.({ service, id });
  }

  async log(name: string, lease: string, service: string, lines: readonly HostLine[]): Promise<void> {
    const { record } = await this.#present(name, lease);
    // of one that was removed meanwhile nobody reads
    if ((await this.#options.state.get(servicesPrefix + service)) === undefined) return;
    await this.#options.log.append(service, record, lines);
  }

  async leave(name: string, lease: string): Promise<void> {
    await this.#present(name, lease);
    await revokeIfThere(this.#options.state, lease);
    this.#options.logger.info({ host: name }, 'a host has left');
  }

  /** The host, where it counts as there under that lease. Throws `lease-lapsed`. */
  async #present(name: string, lease: string): Promise<Presence> {
    const entry = await this.#options.state.get(hostsPrefix + name);
    if (entry !== undefined && entry.lease === lease) return { entry, record: hostOf(entry) };
    const message = `The host ${name} does not count as there under that lease any more: what it kept is kept elsewhere. Its instances are to end, and it is to register again.`;
    throw new StarlingError('lease-lapsed', message, { details: { host: name } });
  }

  async #keep(name: string, present: Entry, { lease, sequence, changed, gone }: HostReport): Promise<void> {
    const { state } = this.#options;
    const reports = await state.get(hostReportsPrefix + name);
    const before = (reports?.value ?? { sequence: 0 }) as { readonly sequence: number };
    if (sequence <= before.sequence) {
      const message = `Report ${sequence} of the host ${name} came after its report ${before.sequence}. What it says is old.`;
      throw new StarlingError('revision-conflict', message);
    }
    const keyOf = ({ service, id }: Pick<InstanceRecord, 'service' | 'id'>) =>
      `${instancesPrefix}${service}/${id}`;
    const { succeeded } = await state.transaction({
      compare: [
        { key: present.key, modRevision: present.modRevision },
        { key: hostReportsPrefix + name, modRevision: reports?.modRevision ?? 0 },
      ],
      success: [
        { put: hostReportsPrefix + name, value: { sequence }, lease },
        ...changed.map((record) => ({
          put: keyOf(record),
          value: { ...record, host: name } as unknown as Json,
          lease,
        })),
        ...gone.map((record) => ({ delete: keyOf(record) })),
      ],
    });
    if (succeeded) return;
    const message = `The host ${name} was changed while its report ${sequence} was taken. Send it again.`;
    throw new StarlingError('revision-conflict', message);
  }

  async #leaving(entry: Entry, record: HostRecord, lease: Lease): Promise<void> {
    const value = { ...record, leaving: true } as unknown as Json;
    await this.#options.state.put(entry.key, value, { ifRevision: entry.modRevision, lease: lease.id });
  }

  async #ordersOf(name: string, lease: string): Promise<HostOrders> {
    const { record } = await this.#present(name, lease);
    if (record.removed === true) return { removed: true };
    const { slots } = await this.#assignments(name);
    const names = [...new Set(slots.map(({ service }) => service))].sort();
    const services = await Promise.all(
      names.map(async (service): Promise<AssignedService[]> => {
        const entry = await this.#options.state.get(servicesPrefix + service);
        if (entry === undefined) return [];
        const { declaration } = entry.value as unknown as ServiceRecord;
        const own = slots.filter((one) => one.service === service);
        return [{ declaration, slots: own.map(({ slot, generation }) => ({ slot, generation })) }];
      }),
    );
    return { removed: false, services: services.flat() };
  }

  async #assignments(name: string): Promise<AssignmentsRecord> {
    const entry = await this.#options.state.get(assignmentsPrefix + name);
    return (entry?.value ?? { slots: [] }) as unknown as AssignmentsRecord;
  }
}

async function revokeIfThere(state: State, id: string): Promise<void> {
  try {
    await (await state.resumeLease(id)).revoke();
  } catch (thrown) {
    if (!(thrown instanceof StarlingError && thrown.code === 'lease-lapsed')) throw thrown;
  }
}

function hostOf({ value }: Entry): HostRecord {
  return value as unknown as HostRecord;
}
