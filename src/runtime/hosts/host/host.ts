import { mkdir, rm } from 'node:fs/promises';
import { rest } from '../../../kernel/clock/index.js';
import { backoffDelay, validateBackoff } from '../../../kernel/control/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import { killLeftBehind } from '../../process/left-behind.js';
import { AssignedInstances } from './assigned-instances.js';
import type { HostParts } from './options.js';
import { isLasting, refusalFields } from './refusal.js';
import { type Standing, takeStanding } from './standing.js';

/**
 * How a host stands with its gateway. `removed`: an operator removed it; `refused`: it was never let in, and trying again does not
 * help. It keeps nothing then, and does nothing more.
 */
export interface HostStatus {
  readonly state: 'connected' | 'not connected' | 'removed' | 'refused' | 'closed';
  /** Why it is not connected. */
  readonly error?: StarlingError;
}

const backoff = validateBackoff({ initialMs: 250, maxMs: 5_000 });

/**
 * A machine's places for instances. It registers at its gateway, keeps what it is told to keep for as long as its lease counts, and
 * tells of it. Cut off, it kills its instances before the lease could be given away, and registers anew.
 */
export class RunningHost {
  readonly #parts: HostParts;
  readonly #instances: AssignedInstances;
  readonly #closing = new AbortController();
  readonly #listeners = new Set<() => void>();
  #standing: Standing | undefined;
  #status: HostStatus = { state: 'not connected' };
  #living: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: HostParts) {
    this.#parts = parts;
    this.#instances = new AssignedInstances(parts, this.#closing.signal);
  }

  status(): HostStatus {
    return this.#status;
  }

  /** Calls back after each change of the status; gives how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends what an earlier process of this host left, and begins. */
  async start(): Promise<void> {
    const { records, surroundings } = this.#parts;
    const { folder, logger } = surroundings;
    const killed = await killLeftBehind(records.instances);
    if (killed.length > 0) logger.warn({ killed }, 'processes that were left behind were killed');
    await records.forgetEarlier();
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o750 });
    this.#instances.start();
    this.#living = this.#live();
  }

  /** Tells the gateway that it stops, drains its instances within the grace of each, and leaves. Calling again waits for the same end. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { logger } = this.#parts.surroundings;
    const standing = this.#standing;
    // what is given to it from now on is not for it any more
    await standing?.reporter
      .leave()
      .catch((thrown: unknown) =>
        logger.warn(refusalFields(thrown), 'the gateway could not be told that the host stops'),
      );
    this.#closing.abort();
    await this.#living;
    this.#tell({ state: 'closed' });
    await this.#parts.logs.close();
  }

  /** One standing after the other, until it is closed, removed, or refused for good at its first registration; never rejects. */
  async #live(): Promise<void> {
    const { clock, random, logger } = this.#parts.surroundings;
    let wasRegistered = false;
    let told = '';
    for (let failures = 0; !this.#closing.signal.aborted && this.#status.state !== 'removed'; ) {
      try {
        const onRenewed = () => this.#instances.guard();
        const standing = await takeStanding({ ...this.#parts, onRenewed });
        [failures, wasRegistered, told] = [0, true, ''];
        await this.#serve(standing);
      } catch (thrown) {
        const error = StarlingError.from(thrown, 'internal', 'The host');
        // later on a token may be replaced in its file, or a gateway be set right
        if (!wasRegistered && isLasting(error)) {
          this.#tell({ state: 'refused', error });
          break;
        }
        failures += 1;
        if (error.message !== told)
          logger.warn(refusalFields(error), 'the host is not registered; it is tried again');
        told = error.message;
        this.#tell({ state: 'not connected', error });
        await rest(backoffDelay(backoff, failures, random()), clock, this.#closing.signal);
      }
    }
    await this.#instances.close();
  }

  /** Keeps what it is told to keep, until the standing is lost, or the host is closed or removed. Then nothing is left running. */
  async #serve(standing: Standing): Promise<void> {
    const { logger } = this.#parts.surroundings;
    const ended = AbortSignal.any([standing.lost, this.#closing.signal]);
    this.#standing = standing;
    this.#instances.under(standing);
    this.#tell({ state: 'connected' });
    try {
      await this.#follow(standing, ended);
      if (!standing.lost.aborted) {
        const drained = this.#instances.drainAll('the host stops');
        await Promise.race([drained, whenAborted(standing.lost)]);
        if (!standing.lost.aborted) await standing.reporter.leave();
      }
    } catch (thrown) {
      logger.warn(refusalFields(thrown), 'the gateway could not be told of the end of instances');
    } finally {
      await this.#instances.killAll('the host may not keep it any more');
      this.#standing = undefined;
      await standing.release();
      if (standing.lost.aborted)
        this.#tell({ state: 'not connected', error: StarlingError.from(standing.lost.reason) });
    }
  }

  /** Takes what it is to keep as it comes; resolves when the signal is aborted, or the host was removed. Never rejects. */
  async #follow(standing: Standing, ended: AbortSignal): Promise<void> {
    const { options } = this.#parts;
    const { clock, random, logger, contract, name } = options;
    for (let failures = 0; !ended.aborted; ) {
      try {
        for await (const orders of contract.orders(name, standing.lease, ended)) {
          failures = 0;
          if (orders.removed) {
            logger.warn({ host: name }, 'the host was removed by an operator, and ends');
            this.#tell({ state: 'removed' });
            return;
          }
          this.#instances.take(orders.services);
        }
      } catch (thrown) {
        standing.seen(thrown);
        if (!ended.aborted)
          logger.info(refusalFields(thrown), 'the orders of the gateway broke off; they are read again');
      }
      failures += 1;
      await rest(backoffDelay(backoff, failures, random()), clock, ended);
    }
  }

  #tell(status: HostStatus): void {
    if (this.#status.state === 'removed' && status.state !== 'closed') return;
    this.#status = status;
    for (const listener of this.#listeners) listener();
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
