import { isDeepStrictEqual } from 'node:util';
import { type Clock, rest } from '../clock/index.js';
import { type Controller, createController, type KeptLease, keepLease, watchInto } from '../control/index.js';
import { StarlingError } from '../errors/index.js';
import type { State } from '../state/index.js';
import type { Logger } from '../telemetry/logger.js';
import {
  type GatewayNews,
  type GatewayRecord,
  gatewayRecordSchema,
  gatewaysPrefix,
} from './gateway-record.js';

export interface GatewayRegistryOptions {
  readonly state: State;
  readonly self: GatewayRecord;
  /** How long the others wait for a gateway that vanished, in milliseconds. */
  readonly ttlMs: number;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** The gateways of a consortium, this one among them. */
export interface GatewayRegistry {
  readonly self: GatewayRecord;
  /** Those that are there, by id; what is told has been so a moment ago. */
  all(): readonly GatewayRecord[];
  get(id: string): GatewayRecord | undefined;
  /** Calls back after a gateway came or went; returns how to stop that. */
  onChange(listener: () => void): () => void;
  /** Has the others know what has changed of this gateway; they hear of it by and by. */
  tell(news: GatewayNews): void;
  /** Takes the record of this gateway away. Call it before the state is closed. */
  close(): Promise<void>;
}

/**
 * Registers a gateway, and follows the others. Resolves when its record is written and those that were there are known.
 * Throws what the state throws.
 */
export async function openGatewayRegistry(options: GatewayRegistryOptions): Promise<GatewayRegistry> {
  const registry = new Registry(options);
  try {
    await registry.open();
  } catch (error) {
    await registry.close();
    throw error;
  }
  return registry;
}

class Registry implements GatewayRegistry {
  readonly #options: GatewayRegistryOptions;
  readonly #known = new Map<string, GatewayRecord>();
  readonly #listeners = new Set<() => void>();
  readonly #following: Controller;
  readonly #closing = new AbortController();
  #self: GatewayRecord;
  #watching: Promise<void> = Promise.resolve();
  #lease: KeptLease | undefined;

  constructor(options: GatewayRegistryOptions) {
    const { clock, logger } = options;
    this.#options = options;
    this.#self = options.self;
    this.#following = createController({
      ...{ name: 'gateways', clock, logger, random: Math.random },
      reconcile: async (id) => {
        await this.#read(id);
        return undefined;
      },
    });
  }

  get self(): GatewayRecord {
    return this.#self;
  }

  all(): readonly GatewayRecord[] {
    return [...this.#known.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  get(id: string): GatewayRecord | undefined {
    return this.#known.get(id);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(news: GatewayNews): void {
    this.#self = { ...this.#self, ...news };
    this.#following.enqueue(this.#self.id);
  }

  async open(): Promise<void> {
    await this.#register();
    const { entries } = await this.#options.state.list(gatewaysPrefix);
    for (const { key, value } of entries) this.#take(idIn(key), value);
    this.#following.start();
    this.#watching = this.#watch();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
    await this.#following.stop();
    await this.#lease?.release();
  }

  /** Writes the record under a new lease; throws what the state throws. */
  async #register(): Promise<void> {
    const { state, ttlMs, clock, logger } = this.#options;
    const { self } = this;
    const earlier = this.#lease;
    const lease = await keepLease({ state, purpose: `gateway ${self.id}`, ttlMs, clock, logger });
    try {
      await state.put(`${gatewaysPrefix}${self.id}`, { ...self }, { lease: lease.id });
    } catch (error) {
      await lease.release();
      throw error;
    }
    this.#lease = lease;
    lease.lost.addEventListener('abort', () => this.#following.enqueue(self.id));
    // after the record has its new lease, so that nobody takes this gateway for gone in between
    await earlier?.release();
  }

  async #watch(): Promise<void> {
    const { state, logger } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await watchInto(this.#following, state, gatewaysPrefix, idIn, signal);
      } catch (error) {
        logger.error({ err: error }, 'other gateways cannot be followed, trying again');
        await rest(this.#options.ttlMs / 3, this.#options.clock, signal);
      }
    }
  }

  async #read(id: string): Promise<void> {
    const { state } = this.#options;
    const key = `${gatewaysPrefix}${id}`;
    if (id === this.self.id) await this.#keep(key);
    this.#take(id, (await state.get(key))?.value);
  }

  /** Makes the own record what it has to be. */
  async #keep(key: string): Promise<void> {
    const { state, logger } = this.#options;
    const { self } = this;
    if (this.#closing.signal.aborted) return;
    const entry = await state.get(key);
    if (entry === undefined || this.#lease?.isHeld() !== true) {
      await this.#register();
      logger.warn({ gateway: self.id }, 'this gateway was not heard of in time, and has registered again');
    } else if (!isDeepStrictEqual(entry.value, { ...self })) {
      await state.put(key, { ...self }, { lease: this.#lease.id });
    }
  }

  /** Takes what the state has of a gateway. */
  #take(id: string, value: unknown): void {
    const before = this.#known.get(id);
    const record = value === undefined ? undefined : readRecord(id, value);
    if (record === undefined) this.#known.delete(id);
    else this.#known.set(id, record);
    if ((before === undefined) === (record === undefined)) return;
    const message = record === undefined ? 'a gateway has gone' : 'a gateway is there';
    this.#options.logger.info({ gateway: id, url: (record ?? before)?.url }, message);
    for (const listener of this.#listeners) listener();
  }
}

const idIn = (key: string): string => key.slice(gatewaysPrefix.length);

function readRecord(id: string, value: unknown): GatewayRecord {
  const record = gatewayRecordSchema.safeParse(value);
  if (record.success) return record.data;
  const message = `The record of gateway ${id} is not of a form that this version knows. Run the same version at every gateway.`;
  throw new StarlingError('storage-version', message, { cause: record.error, details: { gateway: id } });
}
