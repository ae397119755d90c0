import type { LogLine, LogQuery } from './logs/log-line.js';
import type { Service, ServiceInput } from './service.js';

/** Who changes what is wanted of a service, and why; told to whoever looks at it. */
export interface ChangeCause {
  readonly because: string;
}

/**
 * The `runtime` port: keeps instances of declared services running, wherever that is.
 *
 * Promises that every adapter keeps (`conformance.ts` tests them):
 * - What is wanted is in the state (`services/NAME`) before a call resolves, and outlives the process. What runs follows
 *   it by comparing the two, whatever was missed meanwhile.
 * - What runs is in the state too (`instances/SERVICE/ID`), under a lease: what nobody looks after any more vanishes.
 * - An instance that ends is replaced after a back-off that grows with each end in a row; the reason is in its record.
 * - An instance that is not wanted any more is asked to end (SIGTERM), and killed after the grace of its service.
 * - Whoever runs instances drains them when it is closed: they start again with the next one. Where that is not the runtime
 *   itself but hosts, they go on when it is closed.
 */
export interface Runtime {
  /** What runs instances, such as `process`. */
  readonly adapter: string;
  /**
   * Declares all services of one source: new ones are started, changed ones replaced one instance after the other, and
   * those that the source does not name any more are removed. A number of replicas that was asked for by `scale` is kept
   * as far as the range allows. Throws `configuration-invalid`.
   */
  declare(services: readonly ServiceInput[], options: { readonly source: string }): Promise<void>;
  /** By name. */
  services(): Promise<readonly Service[]>;
  /** Throws `not-found`. */
  service(name: string): Promise<Service>;
  /** How many instances are wanted. Throws `not-found`, and `input-invalid` outside the range of the service. */
  scale(name: string, replicas: number, cause: ChangeCause): Promise<Service>;
  /** Replaces every instance, one after the other. Throws `not-found`. */
  restart(name: string, cause: ChangeCause): Promise<Service>;
  /**
   * The service now, and again after each change of what is wanted of it or runs for it; several changes may become one.
   * Ends with the signal, or when the service is removed. Throws `not-found` where it is not there at first.
   */
  watch(name: string, signal: AbortSignal): AsyncIterable<Service>;
  /** What its instances wrote, line by line. Throws `not-found`. */
  logs(name: string, query: LogQuery): Promise<AsyncIterable<LogLine>>;
  /** Begins to start and end instances. */
  start(): Promise<void>;
  /** Drains all instances that it runs itself, within the grace of each, and releases everything. Calling again waits for the same end. */
  close(): Promise<void>;
}
