import { probeCaps } from '../../kernel/caps/index.js';
import type { Runtime } from '../runtime.js';
import { openProcessRuntime } from './open.js';
import type { ProcessRuntimeOptions } from './options.js';

type Given = Pick<ProcessRuntimeOptions, 'state' | 'folder' | 'clock'> & Partial<ProcessRuntimeOptions>;

/** Opens a runtime for tests, silent and without chance, under the caps of this machine; it has started. */
export async function openMadeRuntime(given: Given): Promise<Runtime> {
  const runtime = openProcessRuntime({
    random: () => 0,
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    host: 'here',
    url: () => 'http://127.0.0.1:8080',
    support: await probeCaps(),
    environment: process.env,
    backoff: { jitter: 'none' },
    ...given,
  });
  await runtime.start();
  return runtime;
}
