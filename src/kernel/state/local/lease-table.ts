import type { Clock, Timer } from '../../clock/index.js';
import { StarlingError } from '../../errors/index.js';

interface Running {
  readonly ttlMs: number;
  /** On the monotonic clock. */
  deadline: number;
  /** True from the moment it lapses or is revoked, while its keys are still being deleted. */
  isEnding: boolean;
}

export interface LeaseTableOptions {
  readonly clock: Clock;
  /** Ids of the stored leases with their time in milliseconds; each gets its full time from now. */
  readonly stored: ReadonlyMap<string, number>;
  /** Called once for each lease that lapses. */
  readonly onLapse: (lease: string) => void;
}

/** The time of the leases: in memory, so that a keep-alive costs no write. One timer waits for the next deadline. */
export class LeaseTable {
  readonly #clock: Clock;
  readonly #onLapse: (lease: string) => void;
  readonly #leases = new Map<string, Running>();
  #timer: Timer | undefined;
  #timerDeadline = Number.POSITIVE_INFINITY;

  constructor(options: LeaseTableOptions) {
    this.#clock = options.clock;
    this.#onLapse = options.onLapse;
    for (const [lease, ttlMs] of options.stored) this.add(lease, ttlMs);
  }

  get size(): number {
    return this.#leases.size;
  }

  /** Starts the time of a lease that was stored. */
  add(lease: string, ttlMs: number): void {
    const deadline = this.#clock.now() + ttlMs;
    this.#leases.set(lease, { ttlMs, deadline, isEnding: false });
    if (deadline < this.#timerDeadline) this.#arm();
  }

  /** True where the lease exists and has time left. */
  isLive(lease: string): boolean {
    const running = this.#leases.get(lease);
    return running !== undefined && !running.isEnding && running.deadline > this.#clock.now();
  }

  /** The lease's time in milliseconds. Throws `lease-lapsed` where it has ended. */
  ttlMs(lease: string): number {
    return this.#live(lease).ttlMs;
  }

  /** Gives the lease its full time back. Throws `lease-lapsed` where it has ended. */
  keepAlive(lease: string): void {
    const running = this.#live(lease);
    // The timer is left as it is: when it fires too early for this lease, it is set anew.
    running.deadline = this.#clock.now() + running.ttlMs;
  }

  /** The lease counts as ended from now on. Throws `lease-lapsed` where it has ended before. */
  beginEnd(lease: string): void {
    this.#live(lease).isEnding = true;
    this.#arm();
  }

  /** Takes `beginEnd` back, because the end could not be written. The time ran on meanwhile. */
  cancelEnd(lease: string): void {
    const running = this.#leases.get(lease);
    if (running === undefined) return;
    running.isEnding = false;
    this.#arm();
  }

  /** The lease and its keys are gone. */
  remove(lease: string): void {
    this.#leases.delete(lease);
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#leases.clear();
  }

  #live(lease: string): Running {
    const running = this.#leases.get(lease);
    if (running !== undefined && this.isLive(lease)) return running;
    throw new StarlingError(
      'lease-lapsed',
      `The lease ${lease} has ended. Take a new lease, and write its keys again.`,
      {
        details: { lease },
      },
    );
  }

  #arm(): void {
    this.#timer?.cancel();
    const deadlines = [...this.#leases.values()]
      .filter(({ isEnding }) => !isEnding)
      .map(({ deadline }) => deadline);
    this.#timerDeadline = deadlines.reduce(
      (least, deadline) => Math.min(least, deadline),
      Number.POSITIVE_INFINITY,
    );
    if (deadlines.length === 0) this.#timer = undefined;
    else this.#timer = this.#clock.timer(this.#timerDeadline - this.#clock.now(), () => this.#lapse());
  }

  #lapse(): void {
    const now = this.#clock.now();
    const lapsed = [...this.#leases].filter(([, { deadline, isEnding }]) => !isEnding && deadline <= now);
    // In the order in which their time ran out.
    lapsed.sort(([, a], [, b]) => a.deadline - b.deadline);
    for (const [, running] of lapsed) running.isEnding = true;
    this.#arm();
    for (const [lease] of lapsed) this.#onLapse(lease);
  }
}
