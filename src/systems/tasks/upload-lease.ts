import type { Clock } from '../../kernel/clock/index.js';
import { type KeptLease, keepLease } from '../../kernel/control/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { State } from '../../kernel/state/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';

/** The processes that take uploads, by their leases: a key that goes away tells that one has gone. */
export const uploadersPrefix = '/tasks/uploaders/';

/** How long what a process was uploading outlives it, in milliseconds. */
const ttlMs = 20_000;

export interface UploadLeaseOptions {
  readonly state: State;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
}

/** The lease that the records of uploads vanish with when their process does; another where it was lost. */
export class UploadLease {
  readonly #options: UploadLeaseOptions;
  #kept: Promise<KeptLease> | undefined;

  constructor(options: UploadLeaseOptions) {
    this.#options = options;
  }

  /** Does something under it: again under another, where it turns out that it was lost. Throws what the state throws. */
  async under<T>(work: (lease: string) => Promise<T>): Promise<T> {
    const kept = await this.#held();
    try {
      return await work(kept.id);
    } catch (thrown) {
      if (StarlingError.from(thrown).code !== 'lease-lapsed') throw thrown;
      if ((await this.#kept) === kept) this.#kept = undefined;
    }
    return work((await this.#held()).id);
  }

  /** Takes it, so that the others see that this process is there. Throws what the state throws. */
  async take(): Promise<void> {
    await this.#held();
  }

  /** Ends it: what is still being uploaded vanishes. */
  async close(): Promise<void> {
    await (await this.#kept)?.release();
  }

  async #held(): Promise<KeptLease> {
    for (;;) {
      this.#kept ??= this.#taken();
      const taken = this.#kept;
      const kept = await taken;
      if (kept.isHeld()) return kept;
      if (this.#kept === taken) this.#kept = undefined;
    }
  }

  async #taken(): Promise<KeptLease> {
    const { state } = this.#options;
    try {
      const kept = await keepLease({ ...this.#options, purpose: 'uploads', ttlMs });
      await state.put(uploadersPrefix + kept.id, {}, { lease: kept.id });
      return kept;
    } catch (thrown) {
      // the next one tries again
      this.#kept = undefined;
      throw thrown;
    }
  }
}
