import type { Clock, Timer } from '../clock/index.js';
import { StarlingError } from '../errors/index.js';
import type { Lease, State } from '../state/state.js';
import type { Logger } from '../telemetry/logger.js';

export interface KeepLeaseOptions {
  readonly state: Pick<State, 'lease'>;
  /** What the lease stands for, as people read it in logs and errors: `the leadership of sweeps`. */
  readonly purpose: string;
  /** How long the lease counts once nobody keeps it alive, in milliseconds; an engine may round it up. */
  readonly ttlMs: number;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
}

/** A lease that is kept alive, and tells its holder in time that it may count no more. */
export interface KeptLease {
  readonly id: string;
  /** Aborted, with `lease-lapsed` as its reason, before the lease could be anybody else's. */
  readonly lost: AbortSignal;
  /** Whether the lease counts for certain at this moment. */
  isHeld(): boolean;
  /**
   * Ends the lease now, and its keys with it. Where it has ended, or the store cannot be reached, there is nothing
   * left to do: it lapses by itself, and the latter is logged. Call it once.
   */
  release(): Promise<void>;
}

/** The part of a lease's time that is left to its holder for stopping what it does. */
const stoppingPart = 1 / 4;

/**
 * Takes a lease and keeps it alive. Until when it counts is reckoned on the monotonic clock from when the last
 * keep-alive that was acknowledged was sent, less a quarter of its time: the store counts from a later moment, so a
 * holder that is cut off, or was stopped for a while, gives up before the store does. Throws what `lease` throws.
 */
export async function keepLease(options: KeepLeaseOptions): Promise<KeptLease> {
  const sentAt = options.clock.now();
  const lease = await options.state.lease(options.ttlMs);
  return new Keeping(lease, sentAt, options);
}

class Keeping implements KeptLease {
  readonly #lease: Lease;
  readonly #options: KeepLeaseOptions;
  readonly #losing = new AbortController();
  #deadline: number;
  #keeping: Timer;
  #losingAt: Timer;
  #isReleased = false;

  constructor(lease: Lease, sentAt: number, options: KeepLeaseOptions) {
    this.#lease = lease;
    this.#options = options;
    this.#deadline = this.#deadlineFrom(sentAt);
    this.#losingAt = this.#armLoss();
    this.#keeping = this.#keepAfter(lease.ttlMs / 3);
  }

  get id(): string {
    return this.#lease.id;
  }

  get lost(): AbortSignal {
    return this.#losing.signal;
  }

  isHeld(): boolean {
    return !this.#isReleased && !this.lost.aborted && this.#options.clock.now() < this.#deadline;
  }

  async release(): Promise<void> {
    const { logger, purpose } = this.#options;
    this.#stop();
    this.#isReleased = true;
    try {
      await this.#lease.revoke();
    } catch (thrown) {
      if (!hasLapsed(thrown)) logger.warn({ err: thrown, purpose }, 'a lease is left to lapse by itself');
    }
  }

  #deadlineFrom(sentAt: number): number {
    return sentAt + this.#lease.ttlMs * (1 - stoppingPart);
  }

  #armLoss(): Timer {
    const { clock } = this.#options;
    return clock.timer(this.#deadline - clock.now(), () => this.#lose('could not be kept alive in time'));
  }

  #keepAfter(ms: number): Timer {
    return this.#options.clock.timer(ms, () => void this.#keepAlive());
  }

  async #keepAlive(): Promise<void> {
    const { clock, logger, purpose } = this.#options;
    const { ttlMs } = this.#lease;
    const sentAt = clock.now();
    try {
      await this.#lease.keepAlive();
    } catch (thrown) {
      if (this.#hasEnded()) return;
      if (hasLapsed(thrown)) {
        this.#lose('has lapsed');
        return;
      }
      logger.warn({ err: thrown, purpose }, 'a lease could not be kept alive, trying again');
      this.#keeping = this.#keepAfter(ttlMs / 10);
      return;
    }
    // an answer that came after the holder was told to stop changes nothing any more
    if (this.#hasEnded()) return;
    this.#losingAt.cancel();
    this.#deadline = this.#deadlineFrom(sentAt);
    this.#losingAt = this.#armLoss();
    this.#keeping = this.#keepAfter(ttlMs / 3);
  }

  #hasEnded(): boolean {
    return this.#isReleased || this.lost.aborted;
  }

  #lose(how: string): void {
    this.#stop();
    this.#losing.abort(new StarlingError('lease-lapsed', `The lease of ${this.#options.purpose} ${how}.`));
  }

  #stop(): void {
    this.#keeping.cancel();
    this.#losingAt.cancel();
  }
}

function hasLapsed(thrown: unknown): boolean {
  return thrown instanceof StarlingError && thrown.code === 'lease-lapsed';
}
