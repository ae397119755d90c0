import { type Controller, createController } from '../../../kernel/control/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import { noneOf, timesOf } from '../../process/goal-of.js';
import { InstanceKeeper } from '../../process/keeper.js';
import type { InstanceRecord } from '../../service.js';
import type { AssignedService, HostLine } from '../contract.js';
import type { HostParts } from './options.js';
import { shipLog } from './ship-log.js';
import type { Standing } from './standing.js';
import { Watchdog } from './watchdog.js';

/** The instances of a host: those that it was told to keep, for as long as its standing counts. */
export class AssignedInstances {
  readonly #parts: HostParts;
  readonly #controller: Controller;
  readonly #keeper: InstanceKeeper;
  readonly #watchdog: Watchdog;
  readonly #closing: AbortSignal;
  readonly #shipped = new Set<string>();
  readonly #shipping: Promise<void>[] = [];
  #standing: Standing | undefined;
  /** What it is to keep, by service; absent before it was told. */
  #orders: ReadonlyMap<string, AssignedService> | undefined;

  /** `closing` ends what hands lines on. */
  constructor(parts: HostParts, closing: AbortSignal) {
    this.#parts = parts;
    this.#closing = closing;
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
    this.#watchdog = new Watchdog(logger);
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
        const kept = records.keep(service, instances);
        this.guard();
        await kept;
        this.#standing?.reporter.publish(service, instances);
      },
    });
  }

  start(): void {
    this.#controller.start();
  }

  /** From now on what it keeps counts under that standing. */
  under(standing: Standing): void {
    this.#standing = standing;
  }

  /** Keeps these and no others. */
  take(services: readonly AssignedService[]): void {
    const before = this.#orders?.keys() ?? [];
    this.#orders = new Map(services.map((one) => [one.declaration.name, one]));
    for (const service of new Set([...before, ...this.#orders.keys(), ...this.#keeper.services]))
      this.#controller.enqueue(service);
  }

  /** Has the watchdog kill what there is as soon as the standing, as it is now, may count no more. */
  guard(): void {
    if (this.#standing === undefined) return;
    const live = this.#parts.records.instances.filter(({ state }) => state !== 'ended');
    this.#watchdog.watch(live, this.#standing.leftMs());
  }

  /** Asks every instance to end, and kills it after its grace; resolves when all are gone. Nothing is begun meanwhile. */
  drainAll(cause: string): Promise<void> {
    this.#orders = undefined;
    return this.#keeper.drainAll(cause);
  }

  /** Kills every instance at once; resolves when all are gone, and the standing is none any more. */
  async killAll(cause: string): Promise<void> {
    this.#orders = undefined;
    await this.#keeper.killAll(cause);
    await this.#controller.idle();
    await this.#keeper.killAll(cause);
    this.#standing = undefined;
  }

  /** Nothing is looked at any more; resolves when nothing is handed on either. */
  async close(): Promise<void> {
    await this.#controller.stop();
    await Promise.all(this.#shipping);
    await this.#watchdog.close();
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

  /** Has the lines of a service handed on, from before its first instance on until this is closed. */
  async #ship(service: string): Promise<void> {
    if (this.#shipped.has(service)) return;
    this.#shipped.add(service);
    const { options, logs } = this.#parts;
    const { contract, name, clock, logger } = options;
    const log = await logs.of(service);
    const send = (lines: readonly HostLine[]) => contract.log(name, this.#lease(), service, lines);
    this.#shipping.push(shipLog({ log, service, send, clock, logger, signal: this.#closing }));
  }

  async #token(instance: Pick<InstanceRecord, 'service' | 'id'>) {
    const { contract, name } = this.#parts.options;
    return contract.token(name, this.#lease(), instance);
  }

  #lease(): string {
    if (this.#standing !== undefined) return this.#standing.lease;
    const { name } = this.#parts.options;
    throw new StarlingError('gateway-unreachable', `The host ${name} is not registered at a gateway now.`);
  }
}
