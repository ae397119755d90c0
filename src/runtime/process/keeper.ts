import { randomBytes } from 'node:crypto';
import { StarlingError } from '../../kernel/errors/index.js';
import type { LogStore } from '../logs/log-store.js';
import type { InstanceRecord, ServiceDeclaration } from '../service.js';
import { type Action, decide, type Goal } from './decide.js';
import { Instance } from './instance.js';
import type { InstanceSurroundings } from './surroundings.js';

export interface KeeperOptions {
  readonly surroundings: InstanceSurroundings;
  readonly logs: LogStore;
  /** Programs of our own, by name: their command. */
  readonly programs?: Readonly<Record<string, () => readonly string[]>> | undefined;
  /** Has a service looked at again, because something happened to an instance of it. */
  readonly onChange: (service: string) => void;
  /** Has a service looked at again after so many milliseconds, though nothing may happen. */
  readonly lookAgainAfter: (service: string, ms: number) => void;
  /** Puts on record what there is of a service; what is started runs only once it has resolved. */
  readonly publish: (service: string, records: readonly InstanceRecord[]) => Promise<void>;
}

/** Keeps the instances of this process: makes them what is wanted, service by service. */
export class InstanceKeeper {
  readonly #options: KeeperOptions;
  readonly #instances = new Map<string, Instance[]>();

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Services that there are instances of. */
  get services(): readonly string[] {
    return [...this.#instances.keys()];
  }

  /** The longest grace among the instances of a service, in milliseconds; 0 where it has none. */
  graceMsOf(service: string): number {
    return Math.max(0, ...this.#of(service).map((one) => one.graceMs));
  }

  /** Compares what is wanted of a service with what there is, and acts; one call at a time for each service. */
  async reconcile(service: string, goal: Goal, declaration?: ServiceDeclaration): Promise<void> {
    const { surroundings, lookAgainAfter } = this.#options;
    const { clock } = surroundings;
    const decideNow = () => {
      const actual = this.#of(service).map((one) => one.actual());
      return decide(goal, actual, clock.now());
    };
    const decision = decideNow();
    const started: Instance[] = [];
    for (const action of decision.actions) {
      if (action.do !== 'start') this.#perform(service, action);
      else if (declaration !== undefined) started.push(await this.#add(declaration, action.slot, goal));
    }
    // what was done now is looked at again because of the change that it makes; what is started has its time from now on
    const { lookAgainAt } = started.length === 0 ? decision : decideNow();
    if (lookAgainAt !== undefined) lookAgainAfter(service, Math.max(0, lookAgainAt - clock.now()));
    await this.publish(service);
    // what is started is on record before it runs, so that it is found should this process end now
    await Promise.all(started.map((one) => one.start()));
    if (started.length > 0) await this.publish(service);
  }

  /** Puts on record what there is of a service. */
  publish(service: string): Promise<void> {
    return this.#options.publish(
      service,
      this.#of(service).map((one) => one.record()),
    );
  }

  /** Asks every instance to end, and kills it after its grace; resolves when all are gone. */
  async drainAll(cause: string): Promise<void> {
    const ended = this.#live().map((one) => this.#drain(one, cause));
    await Promise.all(this.services.map((name) => this.publish(name)));
    await Promise.all(ended);
  }

  /** Kills every instance and all that it started, at once; resolves when all are gone, and forgets them. */
  async killAll(cause: string): Promise<void> {
    const live = this.#live();
    for (const one of live) one.kill(cause);
    await Promise.all(live.map((one) => one.ended));
    this.#instances.clear();
  }

  /** The words of a command. Throws `configuration-invalid` for a program that is not there. */
  commandOf(service: string, command: ServiceDeclaration['command']): readonly string[] {
    if (!('program' in command)) return command;
    const { programs = {} } = this.#options;
    const program = Object.hasOwn(programs, command.program) ? programs[command.program] : undefined;
    if (program !== undefined) return program();
    const known = Object.keys(programs).join(', ') || 'none';
    const message = `The service ${service} names the program ${command.program}, which is not there. There are: ${known}.`;
    throw new StarlingError('configuration-invalid', message);
  }

  async #drain(instance: Instance, cause: string): Promise<void> {
    const { clock } = this.#options.surroundings;
    instance.drain(cause);
    const { graceMs } = instance;
    const kill = () => instance.kill(`did not end within ${graceMs / 1000} s of being told to`);
    const timer = clock.timer(graceMs, kill);
    await instance.ended;
    timer.cancel();
  }

  #perform(service: string, action: Exclude<Action, { do: 'start' }>): void {
    const instances = this.#of(service);
    const instance = instances.find(({ id }) => id === action.id);
    if (action.do === 'drain') instance?.drain(action.cause);
    else if (action.do === 'kill') instance?.kill(action.cause);
    else
      this.#keep(
        service,
        instances.filter((one) => one !== instance),
      );
  }

  async #add(declaration: ServiceDeclaration, slot: number, { slots }: Goal): Promise<Instance> {
    const { surroundings, logs, onChange } = this.#options;
    const { name } = declaration;
    const instances = this.#of(name);
    const earlier = instances.find((one) => one.slot === slot);
    const generation = slots.get(slot) ?? 0;
    const added = new Instance({
      surroundings,
      declaration,
      command: this.commandOf(name, declaration.command),
      id: `${name}-${slot}-${randomBytes(4).toString('hex')}`,
      slot,
      generation,
      failures: earlier?.generation === generation ? earlier.failures : 0,
      restarts: earlier === undefined ? 0 : earlier.restarts + 1,
      log: await logs.of(name),
      onChange: () => onChange(name),
    });
    this.#keep(name, [...instances.filter((one) => one !== earlier), added]);
    return added;
  }

  #of(service: string): readonly Instance[] {
    return this.#instances.get(service) ?? [];
  }

  #live(): Instance[] {
    return [...this.#instances.values()].flat().filter((one) => one.live);
  }

  #keep(service: string, instances: Instance[]): void {
    if (instances.length === 0) this.#instances.delete(service);
    else this.#instances.set(service, instances);
  }
}
