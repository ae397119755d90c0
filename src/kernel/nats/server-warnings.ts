import { isAtLeast, type NatsServers } from './durability.js';
import type { NatsLogger } from './nats-options.js';

/** Messages of 1 MiB have to fit, with their headers. */
export const neededPayload = 1_048_576 + 4_096;

/** What a connection learns of its servers. */
export interface ConnectedServers extends NatsServers {
  readonly servers: readonly string[];
  /** Of the store behind them. */
  readonly identity: string;
  readonly durability: string;
  /** The most bytes of a message with its headers. */
  readonly maxPayload: number;
}

/** The stores that each logger has been warned of. */
const told = new WeakMap<NatsLogger, Set<string>>();

/** Tells what an operator should know of the servers of a store: once, however many connect to it. */
export function warnOfServers(logger: NatsLogger, connected: ConnectedServers): void {
  const { servers, version, replicas, identity, durability, maxPayload } = connected;
  const stores = told.get(logger) ?? new Set();
  if (stores.has(identity)) return;
  told.set(logger, stores.add(identity));
  logger.warn({ servers, version, replicas, identity, durability }, 'acknowledged does not mean synced');
  if (replicas > 1 && !isAtLeast(version, 2, 12))
    logger.warn(
      { servers, version },
      'clusters before 2.12 were seen to lose messages when servers were killed',
    );
  if (maxPayload < neededPayload)
    logger.warn({ servers, maxPayload, neededPayload }, 'the largest messages will be refused by NATS');
}
