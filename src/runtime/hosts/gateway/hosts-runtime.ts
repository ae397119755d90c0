import type { Lead, Leadership } from '../../../kernel/control/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { State } from '../../../kernel/state/index.js';
import type { LogLine, LogQuery } from '../../logs/log-line.js';
import { ServiceRegistry } from '../../registry.js';
import type { ChangeCause, Runtime } from '../../runtime.js';
import type { Service, ServiceInput } from '../../service.js';
import { leadPlacement, type PlacementOptions } from '../placement/lead-placement.js';
import { type PlacementRecord, placementKey } from '../records.js';

export interface HostsRuntimeOptions extends PlacementOptions {
  /** Has instances placed by one process alone. */
  readonly lead: Lead;
  /** Names of programs of our own that hosts have. */
  readonly programs: readonly string[];
}

/** Services whose instances other machines run; see `Runtime`. Of several over one state, one places instances at a time. */
export class HostsRuntime implements Runtime {
  readonly adapter = 'hosts';
  readonly #options: HostsRuntimeOptions;
  readonly #state: State;
  readonly #registry: ServiceRegistry;
  readonly #watching = new AbortController();
  #leadership: Leadership | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: HostsRuntimeOptions) {
    this.#options = options;
    this.#state = options.state;
    this.#registry = new ServiceRegistry(options.state, options.clock);
  }

  async declare(services: readonly ServiceInput[], { source }: { readonly source: string }): Promise<void> {
    for (const { name, command } of services) {
      if (!('program' in command) || this.#options.programs.includes(command.program)) continue;
      const known = this.#options.programs.join(', ') || 'none';
      const message = `The service ${name} names the program ${command.program}, which is not there. There are: ${known}.`;
      throw new StarlingError('configuration-invalid', message);
    }
    await this.#registry.declare(services, source);
  }

  async services(): Promise<readonly Service[]> {
    const [services, unplaced] = await Promise.all([this.#registry.services(), this.#unplaced()]);
    return services.map((service) => withWaiting(service, unplaced));
  }

  async service(name: string): Promise<Service> {
    const [service, unplaced] = await Promise.all([this.#registry.service(name), this.#unplaced()]);
    return withWaiting(service, unplaced);
  }

  scale(name: string, replicas: number, { because }: ChangeCause): Promise<Service> {
    return this.#registry.scale(name, replicas, because);
  }

  restart(name: string, { because }: ChangeCause): Promise<Service> {
    return this.#registry.restart(name, because);
  }

  watch(name: string, signal: AbortSignal): AsyncIterable<Service> {
    return this.#registry.watch(name, AbortSignal.any([signal, this.#watching.signal]));
  }

  async logs(name: string, query: LogQuery): Promise<AsyncIterable<LogLine>> {
    await this.#registry.service(name);
    return this.#options.log.read(name, query);
  }

  async start(): Promise<void> {
    this.#leadership ??= this.#options.lead('placement', (signal, term) =>
      leadPlacement(this.#options, signal, term),
    );
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#watching.abort();
      await this.#leadership?.close();
    })();
    return this.#closing;
  }

  async #unplaced(): Promise<PlacementRecord['unplaced']> {
    const entry = await this.#state.get(placementKey);
    return (entry?.value as unknown as PlacementRecord | undefined)?.unplaced ?? [];
  }
}

function withWaiting(service: Service, unplaced: PlacementRecord['unplaced']): Service {
  const waiting = unplaced
    .filter((one) => one.service === service.name && one.slot < service.desired)
    .map(({ slot, because }) => ({ slot, because }));
  return waiting.length === 0 ? service : { ...service, waiting };
}
