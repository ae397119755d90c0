import type { Clock, Timer } from '../../../kernel/clock/index.js';
import { keepLease } from '../../../kernel/control/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { State } from '../../../kernel/state/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import { Held } from './held.js';
import { forgetProcess } from './keys.js';

/** How long what a process was uploading outlives it, in milliseconds. */
const ttlMs = 20_000;
/** How soon it is tried again to do what a failure left to do, in milliseconds. */
const againMs = 1_000;

export interface InHandOptions {
  readonly state: State;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * What this process has in hand, under a lease that the records of uploads vanish with when the process does; under another
 * where it was lost.
 */
export class InHand {
  readonly #options: InHandOptions;
  #held: Promise<Held> | undefined;
  readonly #unsettled = new Set<() => Promise<void>>();
  #timer: Timer | undefined;
  #settling = Promise.resolve();
  #isClosed = false;

  constructor(options: InHandOptions) {
    this.#options = options;
  }

  /** What it has in hand from now on; registers the process where it is not. Throws what the state throws. */
  async held(): Promise<Held> {
    for (;;) {
      this.#held ??= this.#registered();
      const registered = this.#held;
      const held = await registered;
      if (held.isHeld()) return held;
      if (this.#held === registered) this.#held = undefined;
    }
  }

  /** Writes something under the lease: again under another, where it turns out that it was lost. Throws what the state throws. */
  async under<T>(write: (held: Held) => Promise<T>): Promise<T> {
    const held = await this.held();
    try {
      return await write(held);
    } catch (thrown) {
      if (StarlingError.from(thrown).code !== 'lease-lapsed') throw thrown;
      if ((await this.#held) === held) this.#held = undefined;
    }
    return write(await this.held());
  }

  /** Does what a failure left to do. Where that fails too, it is tried again until it succeeds or this process ends. */
  async settle(what: () => Promise<void>): Promise<void> {
    try {
      await what();
      this.#unsettled.delete(what);
    } catch (thrown) {
      const { logger } = this.#options;
      if (!this.#unsettled.has(what)) logger.warn({ err: thrown }, 'what a failure left is put right later');
      this.#unsettled.add(what);
      this.#settleLater();
    }
  }

  /** Ends it: what is still being uploaded vanishes. What is left in the middle then is put right by others. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#settling;
    const held = await this.#held;
    if (held === undefined) return;
    try {
      if (held.isClean() && held.isHeld()) await forgetProcess(this.#options.state, held.lease);
    } catch (thrown) {
      this.#options.logger.warn({ err: thrown }, 'others look for what this process may have left');
    }
    await held.release();
  }

  #settleLater(): void {
    if (this.#isClosed || this.#timer !== undefined) return;
    this.#timer = this.#options.clock.timer(againMs, () => {
      this.#timer = undefined;
      this.#settling = Promise.all([...this.#unsettled].map((what) => this.settle(what))).then(
        () => undefined,
      );
    });
  }

  async #registered(): Promise<Held> {
    const { state } = this.#options;
    try {
      const held = new Held(await keepLease({ ...this.#options, purpose: 'tasks in hand', ttlMs }));
      await state.transaction({ compare: [], success: held.register() });
      return held;
    } catch (thrown) {
      // the next one tries again
      this.#held = undefined;
      throw thrown;
    }
  }
}
