import { join } from 'node:path';
import { validateBackoff } from '../../../kernel/control/index.js';
import { LogStore } from '../../logs/log-store.js';
import { RunningHost } from './host.js';
import { HostRecords } from './host-records.js';
import type { HostOptions } from './options.js';

/** A host; it does nothing until `start`. Its owner closes it. Throws `storage-failed` where its folder cannot be used. */
export async function openHost(options: HostOptions): Promise<RunningHost> {
  const { folder, name, clock, random, logger, url, support, environment } = options;
  const { backoff = {}, stableMs = 60_000 } = options;
  return new RunningHost({
    options,
    records: await HostRecords.open(folder),
    logs: new LogStore(join(folder, 'logs'), options.logSizes),
    surroundings: {
      clock,
      random,
      logger,
      host: name,
      url,
      folder: join(folder, 'instances'),
      support,
      restarts: { backoff: validateBackoff({ initialMs: 500, maxMs: 60_000, ...backoff }), stableMs },
      mint: undefined,
      own: environment,
      authorities: options.authorities,
    },
  });
}
