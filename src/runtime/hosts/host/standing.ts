import { keepLease } from '../../../kernel/control/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { HostRecords } from './host-records.js';
import type { HostOptions } from './options.js';
import { Reporter } from './reporter.js';

/** A host's time at a gateway, from its registration until its lease counts no more. */
export interface Standing {
  readonly lease: string;
  readonly reporter: Reporter;
  /** Aborted before the lease could be given away, or when the gateway says that it was. */
  readonly lost: AbortSignal;
  /** Whether the lease counts for certain at this moment. */
  isHeld(): boolean;
  /** In how many milliseconds no instance may be left, whatever becomes of the host, unless a report is taken before. */
  leftMs(): number;
  /** Takes what a call was refused with: it may say that the lease has lapsed. */
  seen(thrown: unknown): void;
  /** Ends it; what the host told of vanishes. */
  release(): Promise<void>;
}

export interface StandingOptions {
  readonly options: HostOptions;
  readonly records: Pick<HostRecords, 'identity'>;
  /** Of this process of the host. */
  readonly life: string;
  /** Called after each report that had the lease count for its full time again. */
  readonly onRenewed: () => void;
}

/** The part of the lease's time in which a host's instances may run; the host itself ends them at three quarters, where it can. */
const instancesPart = 7 / 8;

/**
 * Registers a host and keeps its lease alive by its reports. Until when the lease counts is reckoned as the kernel reckons leases: from
 * when the last report that was taken was sent, less a quarter of its time, in which instances are killed. Throws what the gateway
 * refuses the registration with.
 */
export async function takeStanding({
  options,
  records,
  life,
  onRenewed,
}: StandingOptions): Promise<Standing> {
  const { contract, name, capacity, version, clock, logger } = options;
  const { identity } = records;
  const refused = new AbortController();
  const lapse = (thrown: StarlingError) => refused.abort(thrown);
  let reporter: Reporter | undefined;
  let sentAt = clock.now();
  let leaseMs = 0;
  const lease = async () => {
    const wallTime = clock.wallTime();
    const registered = await contract.register(name, { capacity, identity, life, version, wallTime });
    leaseMs = registered.leaseMs;
    const reports = new Reporter({ contract, name, lease: registered.lease, clock, logger, onLapsed: lapse });
    reporter = reports;
    return {
      id: registered.lease,
      ttlMs: leaseMs,
      keepAlive: async () => {
        const now = clock.now();
        await reports.send();
        sentAt = now;
        onRenewed();
      },
      revoke: () => contract.leave(name, registered.lease),
    };
  };
  const purpose = `the host ${name}`;
  // how long it counts is for the gateway to say
  const kept = await keepLease({ state: { lease }, purpose, ttlMs: 0, clock, logger });
  if (reporter === undefined) throw new StarlingError('internal', `The host ${name} has no lease.`);
  const reports = reporter;
  const lost = AbortSignal.any([kept.lost, refused.signal]);
  return {
    lease: kept.id,
    reporter: reports,
    lost,
    isHeld: () => kept.isHeld() && !lost.aborted,
    leftMs: () => sentAt + leaseMs * instancesPart - clock.now(),
    seen: (thrown) => {
      if (thrown instanceof StarlingError && thrown.code === 'lease-lapsed') lapse(thrown);
    },
    release: async () => {
      reports.close();
      await kept.release();
    },
  };
}
