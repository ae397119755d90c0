import { StarlingError } from '../errors/index.js';
import { listEntries } from './list-entries.js';
import type { ChangeBatch, Entry, State } from './state.js';

export interface FollowOptions {
  readonly state: Pick<State, 'list' | 'watch'>;
  readonly prefix: string;
  /** Takes all that is there, as of `revision`: at first, and again where the history of what came since is not kept. */
  readonly load: (entries: AsyncIterable<Entry>, revision: number) => Promise<void>;
  /** Takes what was changed since, in order; what was loaded may have some of it already. */
  readonly apply: (batch: ChangeBatch) => void;
  /** Told once where the store cannot be followed any more. */
  readonly onFailure: (error: StarlingError) => void;
}

interface Waiting {
  readonly revision: number;
  readonly resolve: () => void;
  readonly reject: (error: StarlingError) => void;
}

/** Follows the keys under a prefix of the store. Its owner closes it before the store. */
export class Follower {
  readonly #options: FollowOptions;
  readonly #closing = new AbortController();
  #revision = 0;
  #failure: StarlingError | undefined;
  #waiting: Waiting[] = [];
  #following: Promise<void> = Promise.resolve();

  private constructor(options: FollowOptions) {
    this.#options = options;
  }

  /** Loads what is there, and follows from then on. Throws what the store and `load` throw. */
  static async start(options: FollowOptions): Promise<Follower> {
    const follower = new Follower(options);
    await follower.#load();
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

  async #load(): Promise<void> {
    const { state, prefix, load } = this.#options;
    const first = await state.list(prefix);
    await load(listEntries(state, prefix, first), first.revision);
    this.#advance(first.revision);
  }

  async #follow(): Promise<void> {
    const { state, prefix, apply } = this.#options;
    const { signal } = this.#closing;
    for (;;) {
      try {
        for await (const batch of state.watch(prefix, { fromRevision: this.#revision + 1, signal })) {
          apply(batch);
          this.#advance(batch.revision);
        }
        if (!signal.aborted) this.#fail(new StarlingError('shutting-down', 'The state store was closed.'));
        return;
      } catch (thrown) {
        const error = StarlingError.from(
          thrown,
          'storage-failed',
          `What is under ${prefix} cannot be followed`,
        );
        if (error.code !== 'history-compacted') return this.#fail(error);
      }
      const failure = await this.#reload();
      if (failure !== undefined) return this.#fail(failure);
    }
  }

  async #reload(): Promise<StarlingError | undefined> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#load();
        return undefined;
      } catch (thrown) {
        const what = `What is under ${this.#options.prefix} cannot be read again`;
        const error = StarlingError.from(thrown, 'storage-failed', what);
        // an engine that does not answer was waited for already
        if (error.code !== 'storage-unavailable') return error;
      }
    }
    return undefined;
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
