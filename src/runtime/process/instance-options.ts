import type { CapSupport } from '../../kernel/caps/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import type { BackoffOptions } from '../../kernel/control/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import type { LogSizes } from '../logs/service-log.js';

/** What whoever runs instances as child processes is made of. */
export interface InstanceOptions {
  /** Logs and working folders are in here. */
  readonly folder: string;
  readonly clock: Clock;
  /** Random numbers in [0, 1), such as `Math.random`. */
  readonly random: () => number;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Where instances reach the gateway; asked at each start of one. */
  readonly url: () => string;
  /** The caps of this machine. */
  readonly support: CapSupport;
  /** The environment of this process, of which instances get very little. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The file with certificates of authorities that instances are to believe besides the platform's, PEM; `STARLING_CA` of `environment` if not given. */
  readonly authorities?: string | undefined;
  /** Programs of our own, by name: their command. */
  readonly programs?: Readonly<Record<string, () => readonly string[]>>;
  /** The wait before a slot is started again. Default: from 0.5 s to a minute. */
  readonly backoff?: BackoffOptions;
  /** How long an instance must have been ready for its end to count as the first. Default: a minute. */
  readonly stableMs?: number;
  readonly logSizes?: LogSizes;
}
