import { StarlingError } from '../../../../kernel/errors/index.js';
import type { ToldGateways } from '../wire/messages.js';
import {
  type AgentConnection,
  type ConnectAgentOptions,
  type ConnectionStatus,
  connectAgent,
} from './connect-agent.js';
import { gatewaysToDial } from './gateways-to-dial.js';
import { Works } from './works.js';

/** How an agent stands with the gateways of its consortium. */
export interface GatewaysStatus extends ConnectionStatus {
  /** Each address that it dials. */
  readonly gateways: readonly (ConnectionStatus & { readonly url: string })[];
}

/** An agent's connections to every gateway of its consortium. */
export interface GatewayConnections extends AgentConnection {
  /** Connected where any gateway is. */
  status(): GatewaysStatus;
}

interface Line {
  readonly connection: AgentConnection;
  reached: string | undefined;
}

/**
 * Keeps an agent connected to every gateway of its consortium, for ever: it dials the one that it enrolled at, which tells of the
 * others. Throws as `connectAgent` does.
 */
export function connectToGateways(
  options: Omit<ConnectAgentOptions, 'works' | 'onGateways'>,
): GatewayConnections {
  return new Connections(options);
}

class Connections implements GatewayConnections {
  readonly #options: Omit<ConnectAgentOptions, 'works' | 'onGateways'>;
  readonly #enrolledAt: string;
  readonly #works: Works;
  readonly #lines = new Map<string, Line>();
  readonly #listeners = new Set<() => void>();
  readonly #leaving = new Set<Promise<void>>();
  #told: readonly string[] = [];
  #closed = false;

  constructor(options: Omit<ConnectAgentOptions, 'works' | 'onGateways'>) {
    this.#options = options;
    this.#enrolledAt = new URL(options.url).href;
    this.#works = new Works(options.agent, options.logger);
    this.#open(this.#enrolledAt);
  }

  status(): GatewaysStatus {
    const gateways = [...this.#lines].map(([url, { connection }]) => ({ url, ...connection.status() }));
    const first = gateways.find(({ state }) => state === 'connected') ?? gateways[0];
    if (first === undefined) throw new StarlingError('internal', 'An agent dials one gateway at least.');
    const { url: _, ...status } = first;
    return { ...status, gateways };
  }

  onChange(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  renew(): void {
    for (const { connection } of this.#lines.values()) connection.renew();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#lines.values()].map(({ connection }) => connection.close()));
    await Promise.all(this.#leaving);
  }

  #open(url: string): void {
    const line: Line = {
      connection: connectAgent({
        ...this.#options,
        url,
        works: this.#works,
        onGateways: (told) => this.#hear(line, told),
      }),
      reached: undefined,
    };
    this.#lines.set(url, line);
    line.connection.onChange(() => {
      if (line.connection.status().state !== 'connected') line.reached = undefined;
      this.#follow();
    });
  }

  #hear(line: Line, { self, all }: ToldGateways): void {
    line.reached = new URL(self).href;
    this.#told = all.map((url) => new URL(url).href);
    this.#follow();
  }

  /** Dials and leaves gateways, so that it is as it should be. */
  #follow(): void {
    if (this.#closed) return;
    const lines = [...this.#lines].map(([url, { connection, reached }]) => ({
      url,
      connected: connection.status().state === 'connected',
      reached,
    }));
    const dialled = gatewaysToDial(this.#enrolledAt, this.#told, lines);
    for (const [url, { connection }] of this.#lines) {
      if (dialled.has(url)) continue;
      this.#lines.delete(url);
      const leaving = connection.close().finally(() => this.#leaving.delete(leaving));
      this.#leaving.add(leaving);
    }
    for (const url of dialled) if (!this.#lines.has(url)) this.#open(url);
    for (const listener of this.#listeners) listener();
  }
}
