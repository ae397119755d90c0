import type { Clock, Timer } from '../../clock/index.js';
import type { LeaseTable } from './lease-table.js';

/** Where the state reports what no caller waits for; a pino logger is one. */
export interface StateLogger {
  error(fields: object, message: string): void;
}

export interface LeaseEndsOptions {
  readonly leases: LeaseTable;
  readonly clock: Clock;
  readonly logger: StateLogger;
  /** Deletes a lease and its keys; resolves when that is on disk. */
  readonly end: (lease: string) => Promise<void>;
}

const retryMs = 1000;

/** Ends leases, lapsed or revoked. A lapse that cannot be written (the disk is full) is tried again each second. */
export class LeaseEnds {
  readonly #options: LeaseEndsOptions;
  readonly #retries = new Set<Timer>();
  #isClosed = false;

  constructor(options: LeaseEndsOptions) {
    this.#options = options;
  }

  /** Ends a lease on request. Throws `lease-lapsed` where it has ended; it stays where its end cannot be written. */
  async revoke(lease: string): Promise<void> {
    const { leases, end } = this.#options;
    leases.beginEnd(lease);
    try {
      await end(lease);
    } catch (thrown) {
      leases.cancelEnd(lease);
      throw thrown;
    }
  }

  /** Ends a lease whose time ran out. */
  lapse(lease: string): void {
    const { end, logger, clock } = this.#options;
    if (this.#isClosed) return;
    end(lease).catch((err: unknown) => {
      logger.error({ err, lease }, 'the keys of a lapsed lease could not be deleted, trying again');
      // A store that closes meanwhile needs no retry: the lease is still stored, and gets its time when it is opened.
      if (this.#isClosed) return;
      const retry = clock.timer(retryMs, () => {
        this.#retries.delete(retry);
        this.lapse(lease);
      });
      this.#retries.add(retry);
    });
  }

  /** Leaves leases as they are from now on. */
  close(): void {
    this.#isClosed = true;
    for (const retry of this.#retries) retry.cancel();
  }
}
