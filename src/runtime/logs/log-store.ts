import { join } from 'node:path';
import { defaultLogSizes, type LogSizes, ServiceLog } from './service-log.js';

/** The logs of all services in one folder; its owner calls `close`. */
export class LogStore {
  readonly #folder: string;
  readonly #sizes: LogSizes;
  readonly #logs = new Map<string, Promise<ServiceLog>>();

  constructor(folder: string, sizes: LogSizes = defaultLogSizes) {
    this.#folder = folder;
    this.#sizes = sizes;
  }

  /** The log of a service, opened at its first use. Throws `storage-failed`, `storage-full`. */
  of(service: string): Promise<ServiceLog> {
    const opened = this.#logs.get(service) ?? ServiceLog.open(join(this.#folder, service), this.#sizes);
    this.#logs.set(service, opened);
    // one that could not be opened is tried again by the next who asks
    opened.catch(() => this.#logs.delete(service));
    return opened;
  }

  /** Writes what is left, and ends whoever follows. */
  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#logs.values());
    await Promise.all(opened.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
  }
}
