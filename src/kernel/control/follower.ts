import { type Clock, rest, systemClock } from '../clock/index.js';
import { StarlingError } from '../errors/index.js';
import { listEntries } from '../state/list-entries.js';
import type { ChangeBatch, Entry, State } from '../state/state.js';
import { backoffDelay, validateBackoff } from './backoff.js';

export interface FollowOptions {
  readonly state: Pick<State, 'list' | 'watch'>;
  readonly prefix: string;
  /** Takes all that is there, as of `revision`: at first, and again where the history of what came since is not kept. */
  readonly load: (entries: AsyncIterable<Entry>, revision: number) => Promise<void>;
  /** Takes what was changed since, in order; what was loaded may have some of it already. */
  readonly apply: (batch: ChangeBatch) => void;
  /** Told once where the store cannot be followed any more. */
  readonly onFailure: (error: StarlingError) => void;
  /** That of the machine if not given. */
  readonly clock?: Clock;
}

/** How long the store is asked again at the start before that fails, in milliseconds. */
const startMs = 60_000;
const backoff = validateBackoff({ initialMs: 100, maxMs: 10_000, jitter: 'none' });

interface Waiting {
  readonly revision: number;
  readonly resolve: () => void;
  readonly reject: (error: StarlingError) => void;
}

/**
 * Follows the keys under a prefix of the store. Where the store does not answer it is asked again, with back-off, for as
 * long as that takes. Its owner closes it before the store.
 */
export class Follower {
  readonly #options: FollowOptions;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  #revision = 0;
  #failure: StarlingError | undefined;
  #waiting: Waiting[] = [];
  #following: Promise<void> = Promise.resolve();

  private constructor(options: FollowOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Loads what is there, and follows from then on. Throws what the store and `load` throw, `storage-unavailable` only where
   * the store did not answer for a minute.
   */
  static async start(options: FollowOptions): Promise<Follower> {
    const follower = new Follower(options);
    await follower.#load(follower.#clock.now() + startMs);
    follower.#following = follower.#follow();
    return follower;
  }

  /** Why the store cannot be followed any more; `undefined` while it is. */
  get failure(): StarlingError | undefined {
    return this.#failure;
  }

  /** Resolves when everything up to `revision`, which changed something under the prefix, was taken. */
  reached(revision: number): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (revision <= this.#revision) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ revision, resolve, reject }));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#following;
    this.#rejectWaiting(new StarlingError('shutting-down', 'This process is stopping. Ask again later.'));
  }

  /** Loads everything; asks again until `until` on the clock where the store does not answer. */
  async #load(until: number): Promise<void> {
    const { state, prefix, load } = this.#options;
    for (let failures = 1; !this.#closing.signal.aborted; failures += 1) {
      try {
        const first = await state.list(prefix);
        await load(listEntries(state, prefix, first), first.revision);
        return this.#advance(first.revision);
      } catch (thrown) {
        if (!isUnavailable(thrown) || this.#clock.now() >= until) throw thrown;
        await this.#rest(failures);
      }
    }
  }

  async #follow(): Promise<void> {
    const { prefix } = this.#options;
    try {
      for (let failures = 1; !this.#closing.signal.aborted; failures += 1) {
        const before = this.#revision;
        const lost = await this.#watch();
        if (lost === undefined) return;
        if (this.#revision > before) failures = 1;
        if (lost.code === 'history-compacted') await this.#load(Number.POSITIVE_INFINITY);
        else await this.#rest(failures);
      }
    } catch (thrown) {
      const what = `What is under ${prefix} cannot be followed`;
      if (!this.#closing.signal.aborted) this.#fail(StarlingError.from(thrown, 'storage-failed', what));
    }
  }

  /** Takes changes until it is closed; gives why it has to go on in another way. Throws where it cannot go on. */
  async #watch(): Promise<StarlingError | undefined> {
    const { state, prefix, apply } = this.#options;
    const { signal } = this.#closing;
    try {
      for await (const batch of state.watch(prefix, { fromRevision: this.#revision + 1, signal })) {
        apply(batch);
        this.#advance(batch.revision);
      }
    } catch (thrown) {
      if (isUnavailable(thrown) || isCompacted(thrown)) return thrown;
      throw thrown;
    }
    if (signal.aborted) return undefined;
    throw new StarlingError('shutting-down', 'The state store was closed.');
  }

  #rest(failures: number): Promise<void> {
    return rest(backoffDelay(backoff, failures, 0), this.#clock, this.#closing.signal);
  }

  #advance(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
    const ready = this.#waiting.filter((waiting) => waiting.revision <= this.#revision);
    this.#waiting = this.#waiting.filter((waiting) => waiting.revision > this.#revision);
    for (const { resolve } of ready) resolve();
  }

  #fail(error: StarlingError): void {
    this.#failure = error;
    this.#rejectWaiting(error);
    this.#options.onFailure(error);
  }

  #rejectWaiting(error: StarlingError): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(error);
  }
}

function isUnavailable(thrown: unknown): thrown is StarlingError {
  return thrown instanceof StarlingError && thrown.code === 'storage-unavailable';
}

function isCompacted(thrown: unknown): thrown is StarlingError {
  return thrown instanceof StarlingError && thrown.code === 'history-compacted';
}
