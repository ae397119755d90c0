import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { LogStore } from '../../logs/log-store.js';
import { surroundingsOf } from '../../process/surroundings.js';
import { RunningHost } from './host.js';
import { HostRecords } from './host-records.js';
import type { HostOptions } from './options.js';

/** A host; it does nothing until `start`. Its owner closes it. Throws `storage-failed` where its folder cannot be used. */
export async function openHost(options: HostOptions): Promise<RunningHost> {
  const { folder, name, logSizes } = options;
  return new RunningHost({
    options,
    records: await HostRecords.open(folder),
    life: randomUUID(),
    logs: new LogStore(join(folder, 'logs'), logSizes),
    surroundings: surroundingsOf(options, { host: name, mint: undefined }),
  });
}
