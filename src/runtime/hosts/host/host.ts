import { mkdir, rm } from 'node:fs/promises';
import { rest } from '../../../kernel/clock/index.js';
import {
  backoffDelay,
  type Controller,
  createController,
  validateBackoff,
} from '../../../kernel/control/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { LogStore } from '../../logs/log-store.js';
import { noneOf, timesOf } from '../../process/goal-of.js';
import { InstanceKeeper } from '../../process/keeper.js';
import { killLeftBehind } from '../../process/left-behind.js';
import type { InstanceSurroundings } from '../../process/surroundings.js';
import type { InstanceRecord } from '../../service.js';
import type { AssignedService } from '../contract.js';
import type { HostRecords } from './host-records.js';
import type { HostOptions } from './options.js';
import { shipLog } from './ship-log.js';
import { type Standing, takeStanding } from './standing.js';

/** What is made of the options once. */
export interface HostParts {
  readonly options: HostOptions;
  readonly records: HostRecords;
  readonly logs: LogStore;
  readonly surroundings: InstanceSurroundings;
}

/** How a host stands with its gateway. `removed`: an operator removed it, and it has ended its instances. */
export interface HostStatus {
  readonly state: 'connected' | 'not connected' | 'removed' | 'closed';
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
  readonly #controller: Controller;
  readonly #keeper: InstanceKeeper;
  readonly #closing = new AbortController();
  readonly #shipped = new Set<string>();
  readonly #shipping: Promise<void>[] = [];
  readonly #listeners = new Set<() => void>();
  #standing: Standing | undefined;
  /** What it is to keep, by service; absent before it was told. */
  #orders: ReadonlyMap<string, AssignedService> | undefined;
  #status: HostStatus = { state: 'not connected' };
  #living: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: HostParts) {
    this.#parts = parts;
    const { options, records, surroundings, logs } = parts;
    const { clock, random, logger, programs } = options;
    this.#controller = createController({
      name: 'host',
      reconcile: (service) => this.#reconcile(service),
      clock,
      random,
      logger,
      concurrency: 4,
    });
    this.#keeper = new InstanceKeeper({
      surroundings: {
        ...surroundings,
        mint: (instance) => this.#token(instance),
      },
      logs,
      programs,
      onChange: (service) => this.#controller.enqueue(service),
      lookAgainAfter: (service, ms) => this.#controller.enqueueAfter(service, ms),
      publish: async (service, instances) => {
        await records.keep(service, instances);
        this.#standing?.reporter.publish(service, instances);
      },
    });
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
    this.#controller.start();
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
        logger.warn({ err: thrown }, 'the gateway could not be told that the host stops'),
      );
    this.#closing.abort();
    await this.#living;
    this.#tell({ state: 'closed' });
    await this.#parts.logs.close();
  }

  /** One standing after the other, until it is closed or removed; never rejects. */
  async #live(): Promise<void> {
    const { clock, random, logger } = this.#parts.surroundings;
    for (let failures = 0; !this.#closing.signal.aborted && this.#status.state !== 'removed'; ) {
      try {
        const standing = await takeStanding(this.#parts);
        failures = 0;
        await this.#serve(standing);
      } catch (thrown) {
        failures += 1;
        const error = StarlingError.from(thrown, 'internal', 'The host');
        if (failures === 1) logger.warn({ err: error }, 'the host is not registered; it is tried again');
        this.#tell({ state: 'not connected', error });
        await rest(backoffDelay(backoff, failures, random()), clock, this.#closing.signal);
      }
    }
    await this.#controller.stop();
    await Promise.all(this.#shipping);
  }

  /** Keeps what it is told to keep, until the standing is lost, or the host is closed or removed. Then nothing is left running. */
  async #serve(standing: Standing): Promise<void> {
    const { logger } = this.#parts.surroundings;
    const ended = AbortSignal.any([standing.lost, this.#closing.signal]);
    this.#standing = standing;
    this.#tell({ state: 'connected' });
    try {
      await this.#follow(standing, ended);
      if (!standing.lost.aborted) {
        this.#orders = undefined;
        const drained = this.#keeper.drainAll('the host stops');
        await Promise.race([drained, whenAborted(standing.lost)]);
        if (!standing.lost.aborted) await standing.reporter.leave();
      }
    } catch (thrown) {
      logger.warn({ err: thrown }, 'the gateway could not be told of the end of instances');
    } finally {
      await this.#killAll();
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
          this.#take(orders.services);
        }
      } catch (thrown) {
        standing.seen(thrown);
        if (!ended.aborted)
          logger.info({ err: thrown }, 'the orders of the gateway broke off; they are read again');
      }
      failures += 1;
      await rest(backoffDelay(backoff, failures, random()), clock, ended);
    }
  }

  #take(services: readonly AssignedService[]): void {
    const before = this.#orders?.keys() ?? [];
    this.#orders = new Map(services.map((one) => [one.declaration.name, one]));
    for (const service of new Set([...before, ...this.#orders.keys(), ...this.#keeper.services]))
      this.#controller.enqueue(service);
  }

  async #reconcile(service: string): Promise<undefined> {
    const orders = this.#orders;
    // whoever does not know that its lease counts begins nothing
    if (orders === undefined || this.#standing?.isHeld() !== true) return;
    const unwanted = 'it is not to run here any more';
    const assigned = orders.get(service);
    if (assigned === undefined) {
      await this.#keeper.reconcile(service, noneOf(this.#keeper.graceMsOf(service), unwanted));
      return;
    }
    await this.#ship(service);
    const { declaration, slots } = assigned;
    const generations = new Map(slots.map(({ slot, generation }) => [slot, generation]));
    const goal = { slots: generations, unwanted, ...timesOf(declaration) };
    await this.#keeper.reconcile(service, goal, declaration);
  }

  /** Has the lines of a service handed on, from before its first instance on until the host is closed. */
  async #ship(service: string): Promise<void> {
    if (this.#shipped.has(service)) return;
    this.#shipped.add(service);
    const { options, logs } = this.#parts;
    const { contract, name, clock, logger } = options;
    const log = await logs.of(service);
    const send = async (lines: Parameters<typeof contract.log>[3]) => {
      const { lease } = this.#standing ?? notConnected(name);
      await contract.log(name, lease, service, lines);
    };
    this.#shipping.push(shipLog({ log, service, send, clock, logger, signal: this.#closing.signal }));
  }

  async #token(instance: Pick<InstanceRecord, 'service' | 'id'>) {
    const { contract, name } = this.#parts.options;
    const { lease } = this.#standing ?? notConnected(name);
    return contract.token(name, lease, instance);
  }

  /** Leaves nothing running, whatever was being started. */
  async #killAll(): Promise<void> {
    this.#orders = undefined;
    const cause = 'the host may not keep it any more';
    await this.#keeper.killAll(cause);
    await this.#controller.idle();
    await this.#keeper.killAll(cause);
  }

  #tell(status: HostStatus): void {
    if (this.#status.state === 'removed' && status.state !== 'closed') return;
    this.#status = status;
    for (const listener of this.#listeners) listener();
  }
}

function notConnected(name: string): never {
  throw new StarlingError('gateway-unreachable', `The host ${name} is not registered at a gateway now.`);
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
