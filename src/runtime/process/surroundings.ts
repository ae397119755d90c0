import { join } from 'node:path';
import type { CapSupport } from '../../kernel/caps/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { validateBackoff } from '../../kernel/control/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import type { RestartPolicy } from './decide.js';
import type { InstanceOptions } from './instance-options.js';
import type { InstanceToken } from './token-file.js';

/** What all instances of a runtime share. */
export interface InstanceSurroundings {
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly host: string;
  /** Where the gateway is. */
  readonly url: () => string;
  /** The folder that each instance has a folder of its own in. */
  readonly folder: string;
  readonly support: CapSupport;
  readonly restarts: RestartPolicy;
  /** Makes tokens for instances; absent, or giving none, where nobody signs in. */
  readonly mint:
    | ((instance: { service: string; id: string }) => Promise<InstanceToken | undefined>)
    | undefined;
  /** The file with certificates of authorities that instances believe besides the platform's, PEM. */
  readonly authorities?: string | undefined;
  /** The environment of this process. */
  readonly own: Readonly<Record<string, string | undefined>>;
}

/** The surroundings of instances on `host`. */
export function surroundingsOf(
  options: InstanceOptions,
  { host, mint }: Pick<InstanceSurroundings, 'host' | 'mint'>,
): InstanceSurroundings {
  const { clock, random, logger, url, support, environment, authorities } = options;
  const { backoff = {}, stableMs = 60_000 } = options;
  return {
    ...{ clock, random, logger, host, url, support, mint, authorities },
    folder: join(options.folder, 'instances'),
    restarts: { backoff: validateBackoff({ initialMs: 500, maxMs: 60_000, ...backoff }), stableMs },
    own: environment,
  };
}
