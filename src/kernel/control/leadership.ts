import { type Clock, rest } from '../clock/index.js';
import { StarlingError } from '../errors/index.js';
import type { Comparison, State } from '../state/state.js';
import type { Logger } from '../telemetry/logger.js';
import { backoffDelay, validateBackoff } from './backoff.js';
import { type KeptLease, keepLease } from './kept-lease.js';

export interface LeadershipOptions {
  readonly state: Pick<State, 'get' | 'put' | 'watch' | 'lease'>;
  /** What is led; its key is `leaders/NAME`. */
  readonly name: string;
  /** Who wants to lead: an id that no other process has, nor an earlier one had. */
  readonly holder: string;
  /** How long the others wait for a leader that vanished, in milliseconds. */
  readonly ttlMs: number;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /**
   * Does what only one may do, until `signal` is aborted, and resolves when all of it has ended: the leadership is
   * not handed on before that, unless the lease is lost meanwhile. `term` is true in the store for as long as this
   * leadership lasts there: a transaction that compares it writes nothing after another began to lead.
   * What ends by itself, or rejects, gives the leadership away for a while.
   */
  readonly lead: (signal: AbortSignal, term: Comparison) => Promise<void>;
}

export interface Leadership {
  /** Whether this holder leads for certain at this moment. */
  isLeader(): boolean;
  /** Aborts `lead`, waits for its end and hands the leadership on. Call it before the state is closed. */
  close(): Promise<void>;
}

/** Where the keys of leaders are. */
export const leadersPrefix = 'leaders/';

const backoff = validateBackoff({ initialMs: 100, maxMs: 10_000, jitter: 'none' });

/**
 * Strives for the leadership of `name` until it is closed: at most one holder leads at a time. It leads under a lease
 * of the store, and is told to stop before the lease could be given away; whoever waits watches the key.
 */
export function holdLeadership(options: LeadershipOptions): Leadership {
  const closing = new AbortController();
  const candidate = new Candidate(options, closing.signal);
  const striving = candidate.strive();
  return {
    isLeader: () => candidate.isLeader(),
    close: () => {
      closing.abort(new StarlingError('shutting-down', `The leadership of ${options.name} is handed on.`));
      return striving;
    },
  };
}

/** `holdLeadership` with all but the work: how a part asks to have something done by one gateway alone. */
export type Lead = (name: string, lead: LeadershipOptions['lead']) => Leadership;

interface Term {
  readonly lease: KeptLease;
  readonly revision: number;
}

class Candidate {
  readonly #options: LeadershipOptions;
  readonly #closing: AbortSignal;
  readonly #key: string;
  #leading: KeptLease | undefined;

  constructor(options: LeadershipOptions, closing: AbortSignal) {
    this.#options = options;
    this.#closing = closing;
    this.#key = `${leadersPrefix}${options.name}`;
  }

  isLeader(): boolean {
    return this.#leading?.isHeld() === true && !this.#closing.aborted;
  }

  async strive(): Promise<void> {
    const { logger, name } = this.#options;
    for (let failures = 0; !this.#closing.aborted; ) {
      try {
        const term = await this.#campaign();
        if (term !== undefined) await this.#serve(term);
        failures = 0;
      } catch (thrown) {
        failures += 1;
        logger.warn({ err: thrown, name, failures }, 'the leadership is striven for again after a failure');
        await rest(backoffDelay(backoff, failures, 0), this.#options.clock, this.#closing);
      }
    }
  }

  /** Waits until nobody leads and takes the place; `undefined` where it was closed meanwhile. */
  async #campaign(): Promise<Term | undefined> {
    const { state } = this.#options;
    const watching = new AbortController();
    const signal = AbortSignal.any([this.#closing, watching.signal]);
    // before the key is looked at, so that its end cannot fall between the two
    const changes = state.watch(this.#key, { signal })[Symbol.asyncIterator]();
    try {
      while (!this.#closing.aborted) {
        if ((await state.get(this.#key)) === undefined) {
          const term = await this.#claim();
          if (term !== undefined) return term;
        }
        const { done } = await changes.next();
        if (done === true && !this.#closing.aborted) {
          throw new StarlingError('shutting-down', `The store ended the watch of ${this.#key}.`);
        }
      }
      return undefined;
    } finally {
      watching.abort();
      await changes.return?.();
    }
  }

  async #claim(): Promise<Term | undefined> {
    const { state, holder, ttlMs, name, clock, logger } = this.#options;
    const lease = await keepLease({ state, purpose: `the leadership of ${name}`, ttlMs, clock, logger });
    try {
      return { lease, revision: await state.put(this.#key, holder, { ifRevision: 0, lease: lease.id }) };
    } catch (thrown) {
      // also takes the key away that was written though its acknowledgement was lost
      await lease.release();
      if (thrown instanceof StarlingError && thrown.code === 'revision-conflict') return undefined;
      throw thrown;
    }
  }

  async #serve({ lease, revision }: Term): Promise<void> {
    const { lead, name, holder, logger } = this.#options;
    const signal = AbortSignal.any([this.#closing, lease.lost]);
    this.#leading = lease;
    logger.info({ name, holder }, 'leads');
    try {
      if (!signal.aborted) await lead(signal, { key: this.#key, modRevision: revision });
      if (!signal.aborted) throw new StarlingError('internal', `What the leader of ${name} does has ended.`);
    } catch (thrown) {
      // whoever was told to stop may say that it did
      if (!signal.aborted) throw thrown;
      if (thrown !== signal.reason) {
        logger.error({ err: thrown, name, holder }, 'what the leader did ended with an error');
      }
    } finally {
      this.#leading = undefined;
      await lease.release();
      logger.info({ name, holder, lost: lease.lost.aborted }, 'leads no more');
    }
  }
}
