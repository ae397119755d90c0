import { join } from 'node:path';
import { validateBackoff } from '../../kernel/control/index.js';
import { LogStore } from '../logs/log-store.js';
import { ServiceRegistry } from '../registry.js';
import type { Runtime } from '../runtime.js';
import type { ProcessRuntimeOptions } from './options.js';
import { ProcessRuntime } from './process-runtime.js';

/**
 * A runtime of child processes over `state`; it does nothing until `start`. Its owner closes it before the state, and while the gateway
 * still answers, so that instances can hand back what they work on.
 */
export function openProcessRuntime(options: ProcessRuntimeOptions): Runtime {
  const { state, clock, random, logger, host, url, support, environment, mint } = options;
  const { backoff = {}, stableMs = 60_000, leaseMs = 15_000 } = options;
  return new ProcessRuntime({
    options,
    registry: new ServiceRegistry(state, clock),
    logs: new LogStore(join(options.folder, 'logs'), options.logSizes),
    leaseMs,
    surroundings: {
      clock,
      random,
      logger,
      host,
      url,
      folder: join(options.folder, 'instances'),
      support,
      restarts: { backoff: validateBackoff({ initialMs: 500, maxMs: 60_000, ...backoff }), stableMs },
      mint,
      own: environment,
      authorities: options.authorities,
    },
  });
}
