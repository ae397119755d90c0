import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { type Controller, createController, watchInto } from '../../kernel/control/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { LogLine, LogQuery } from '../logs/log-line.js';
import type { LogStore } from '../logs/log-store.js';
import { type ServiceRegistry, servicesPrefix } from '../registry.js';
import type { ChangeCause, Runtime } from '../runtime.js';
import type { Service, ServiceDeclaration, ServiceInput } from '../service.js';
import { type Action, decide, type Goal } from './decide.js';
import { goalOf } from './goal-of.js';
import { Instance } from './instance.js';
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
  readonly #instances = new Map<string, Instance[]>();
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
        for (const name of this.#instances.keys()) this.#controller.enqueue(name);
      },
    });
  }

  async declare(services: readonly ServiceInput[], { source }: { readonly source: string }): Promise<void> {
    for (const { name, command } of services) this.#commandOf(name, command);
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
    const live = [...this.#instances.values()].flat().filter((one) => one.live);
    const ended = live.map((one) => this.#drainNow(one));
    await Promise.all([...this.#instances.keys()].map((name) => this.#publish(name)));
    await Promise.all(ended);
    await this.#presence.close();
    await this.#parts.logs.close();
  }

  /** Drains an instance, and kills it after its grace. */
  async #drainNow(instance: Instance): Promise<void> {
    const { clock } = this.#parts.surroundings;
    instance.drain('Starling stops');
    const { graceMs } = instance;
    const kill = () => instance.kill(`did not end within ${graceMs / 1000} s of being told to`);
    const timer = clock.timer(graceMs, kill);
    await instance.ended;
    timer.cancel();
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
        await new Promise<void>((resolve) => {
          const timer = clock.timer(watchAgainMs, resolve);
          signal.addEventListener('abort', () => {
            timer.cancel();
            resolve();
          });
        });
      }
    }
  }

  async #reconcile(name: string): Promise<undefined> {
    const { registry, surroundings } = this.#parts;
    const record = await registry.record(name);
    const before = this.#instances.get(name) ?? [];
    const goal = goalOf(record, Math.max(0, ...before.map((one) => one.graceMs)));
    const decideNow = () => {
      const actual = (this.#instances.get(name) ?? []).map((one) => one.actual());
      return decide(goal, actual, surroundings.clock.now());
    };
    const decision = decideNow();
    const started: Instance[] = [];
    for (const action of decision.actions) {
      if (action.do !== 'start') this.#perform(name, action);
      else if (record !== undefined)
        started.push(await this.#add(name, record.declaration, action.slot, goal));
    }
    // what was done now is looked at again because of the change that it makes; what is started has its time from now on
    const { lookAgainAt } = started.length === 0 ? decision : decideNow();
    if (lookAgainAt !== undefined)
      this.#controller.enqueueAfter(name, Math.max(0, lookAgainAt - surroundings.clock.now()));
    await this.#publish(name);
    // what is started is on record before it runs, so that it is found should this process end now
    await Promise.all(started.map((one) => one.start()));
    if (started.length > 0) await this.#publish(name);
  }

  #perform(name: string, action: Exclude<Action, { do: 'start' }>): void {
    const instances = this.#instances.get(name) ?? [];
    const instance = instances.find(({ id }) => id === action.id);
    if (action.do === 'drain') instance?.drain(action.cause);
    else if (action.do === 'kill') instance?.kill(action.cause);
    else
      this.#keep(
        name,
        instances.filter((one) => one !== instance),
      );
  }

  async #add(
    name: string,
    declaration: ServiceDeclaration,
    slot: number,
    { generation }: Goal,
  ): Promise<Instance> {
    const { surroundings, logs } = this.#parts;
    const instances = this.#instances.get(name) ?? [];
    const earlier = instances.find((one) => one.slot === slot);
    const added = new Instance({
      surroundings,
      declaration,
      command: this.#commandOf(name, declaration.command),
      id: `${name}-${slot}-${randomBytes(4).toString('hex')}`,
      slot,
      generation,
      failures: earlier?.generation === generation ? earlier.failures : 0,
      restarts: earlier === undefined ? 0 : earlier.restarts + 1,
      log: await logs.of(name),
      onChange: () => this.#controller.enqueue(name),
    });
    this.#keep(name, [...instances.filter((one) => one !== earlier), added]);
    return added;
  }

  #keep(name: string, instances: Instance[]): void {
    if (instances.length === 0) this.#instances.delete(name);
    else this.#instances.set(name, instances);
  }

  #publish(name: string): Promise<void> {
    const instances = this.#instances.get(name) ?? [];
    return this.#presence.publish(
      name,
      instances.map((one) => one.record()),
    );
  }

  /** The words of a command. Throws `configuration-invalid` for a program that is not there. */
  #commandOf(name: string, command: ServiceInput['command']): readonly string[] {
    if (!('program' in command)) return command;
    const { programs = {} } = this.#parts.options;
    const program = Object.hasOwn(programs, command.program) ? programs[command.program] : undefined;
    if (program !== undefined) return program();
    const known = Object.keys(programs).join(', ') || 'none';
    const message = `The service ${name} names the program ${command.program}, which is not there. There are: ${known}.`;
    throw new StarlingError('configuration-invalid', message);
  }
}
