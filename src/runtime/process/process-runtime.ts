import { mkdir, rm } from 'node:fs/promises';
import { rest } from '../../kernel/clock/index.js';
import { type Controller, createController, watchInto } from '../../kernel/control/index.js';
import type { LogLine, LogQuery } from '../logs/log-line.js';
import type { LogStore } from '../logs/log-store.js';
import { type ServiceRegistry, servicesPrefix } from '../registry.js';
import type { ChangeCause, Runtime } from '../runtime.js';
import type { Service, ServiceInput } from '../service.js';
import { goalOf } from './goal-of.js';
import { InstanceKeeper } from './keeper.js';
import { killLeftBehind } from './left-behind.js';
import type { ProcessRuntimeOptions } from './options.js';
import { Presence } from './presence.js';
import type { InstanceSurroundings } from './surroundings.js';

/** What is made of the options once. */
export interface ProcessRuntimeParts {
  readonly options: ProcessRuntimeOptions;
  readonly registry: ServiceRegistry;
  readonly logs: LogStore;
  readonly surroundings: InstanceSurroundings;
  readonly leaseMs: number;
}

/** How soon the state is watched again where that failed. */
const watchAgainMs = 1_000;

/** Services whose instances are child processes of this one; see `Runtime`. */
export class ProcessRuntime implements Runtime {
  readonly adapter = 'process';
  readonly #parts: ProcessRuntimeParts;
  readonly #controller: Controller;
  readonly #presence: Presence;
  readonly #watching = new AbortController();
  readonly #keeper: InstanceKeeper;
  #watched: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: ProcessRuntimeParts) {
    this.#parts = parts;
    const { state } = parts.options;
    const { clock, random, logger } = parts.surroundings;
    this.#controller = createController({
      name: 'services',
      reconcile: (name) => this.#reconcile(name),
      clock,
      random,
      logger,
      concurrency: 4,
    });
    this.#presence = new Presence({
      state,
      clock,
      logger,
      leaseMs: parts.leaseMs,
      onLapsed: () => {
        for (const name of this.#keeper.services) this.#controller.enqueue(name);
      },
    });
    this.#keeper = new InstanceKeeper({
      surroundings: parts.surroundings,
      logs: parts.logs,
      programs: parts.options.programs,
      onChange: (name) => this.#controller.enqueue(name),
      lookAgainAfter: (name, ms) => this.#controller.enqueueAfter(name, ms),
      publish: (name, records) => this.#presence.publish(name, records),
    });
  }

  async declare(services: readonly ServiceInput[], { source }: { readonly source: string }): Promise<void> {
    for (const { name, command } of services) this.#keeper.commandOf(name, command);
    await this.#parts.registry.declare(services, source);
  }

  services(): Promise<readonly Service[]> {
    return this.#parts.registry.services();
  }

  service(name: string): Promise<Service> {
    return this.#parts.registry.service(name);
  }

  scale(name: string, replicas: number, { because }: ChangeCause): Promise<Service> {
    return this.#parts.registry.scale(name, replicas, because);
  }

  restart(name: string, { because }: ChangeCause): Promise<Service> {
    return this.#parts.registry.restart(name, because);
  }

  watch(name: string, signal: AbortSignal): AsyncIterable<Service> {
    return this.#parts.registry.watch(name, AbortSignal.any([signal, this.#watching.signal]));
  }

  async logs(name: string, query: LogQuery): Promise<AsyncIterable<LogLine>> {
    await this.service(name);
    return (await this.#parts.logs.of(name)).read(query);
  }

  async start(): Promise<void> {
    const { surroundings, registry, options } = this.#parts;
    const { folder, host, logger } = surroundings;
    const left = (await registry.instances()).filter((record) => record.host === host);
    const killed = await killLeftBehind(left);
    if (killed.length > 0) logger.warn({ killed }, 'processes that were left behind were killed');
    for (const { service, id } of left) await options.state.delete(`instances/${service}/${id}`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o750 });
    this.#controller.start();
    this.#watched = this.#watch();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#watching.abort();
    await this.#watched;
    await this.#controller.stop();
    await this.#keeper.drainAll('Starling stops');
    await this.#presence.close();
    await this.#parts.logs.close();
  }

  /** Watches what is wanted until the runtime is closed; never rejects. */
  async #watch(): Promise<void> {
    const { signal } = this.#watching;
    const { clock, logger } = this.#parts.surroundings;
    const nameOf = (key: string) => key.slice(servicesPrefix.length);
    while (!signal.aborted) {
      try {
        await watchInto(this.#controller, this.#parts.options.state, servicesPrefix, nameOf, signal);
      } catch (thrown) {
        if (signal.aborted) return;
        logger.error({ err: thrown }, 'what is wanted of services cannot be watched; it is tried again');
        await rest(watchAgainMs, clock, signal);
      }
    }
  }

  async #reconcile(name: string): Promise<undefined> {
    const record = await this.#parts.registry.record(name);
    await this.#keeper.reconcile(name, goalOf(record, this.#keeper.graceMsOf(name)), record?.declaration);
  }
}
