import { join } from 'node:path';
import { LogStore } from '../logs/log-store.js';
import { ServiceRegistry } from '../registry.js';
import type { Runtime } from '../runtime.js';
import type { ProcessRuntimeOptions } from './options.js';
import { ProcessRuntime } from './process-runtime.js';
import { surroundingsOf } from './surroundings.js';

/**
 * A runtime of child processes over `state`; it does nothing until `start`. Its owner closes it before the state, and while the gateway
 * still answers, so that instances can hand back what they work on.
 */
export function openProcessRuntime(options: ProcessRuntimeOptions): Runtime {
  const { state, clock, folder, host, mint, logSizes, leaseMs = 15_000 } = options;
  return new ProcessRuntime({
    options,
    registry: new ServiceRegistry(state, clock),
    logs: new LogStore(join(folder, 'logs'), logSizes),
    leaseMs,
    surroundings: surroundingsOf(options, { host, mint }),
  });
}
