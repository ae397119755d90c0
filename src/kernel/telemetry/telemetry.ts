import { randomUUID } from 'node:crypto';
import { followAsyncCalls } from './context-manager.js';
import { createLogger, type LogDestination, type Logger, type LogLevel } from './logger.js';
import { createMetrics, type Metrics } from './metrics.js';
import { createPastSpan, createWithSpan, type PastSpan, startIdsOnlySpan, type WithSpan } from './spans.js';
import { createTraceExport, type Environment, tracesEndpoint } from './trace-export.js';

export interface TelemetryOptions {
  /** What the process is, such as `gateway`. */
  readonly service: string;
  /** Which of several copies it is; a random id if not given. */
  readonly instance?: string;
  readonly version: string;
  /** `info` if not given. */
  readonly logLevel?: LogLevel;
  /** Standard error if not given, so that standard output stays free for answers. */
  readonly logDestination?: LogDestination;
  /** Where `OTEL_EXPORTER_OTLP_ENDPOINT` is looked up; this process's variables if not given. */
  readonly environment?: Environment;
}

/** What a process tells of itself. Whoever makes it calls `shutdown`. */
export interface Telemetry {
  readonly service: string;
  readonly instance: string;
  readonly version: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly withSpan: WithSpan;
  readonly pastSpan: PastSpan;
  /** True where spans are sent to a collector; otherwise they only carry the trace on. */
  readonly exporting: boolean;
  /** Sends and writes what is left, then releases everything. Calling again waits for the same end. */
  shutdown(): Promise<void>;
}

/**
 * Logs, metrics and traces of this process. Traces are exported where the environment names a collector (see
 * `tracesEndpoint`) and passed on in any case. Throws `storage-failed` where the log cannot be opened, and
 * `configuration-invalid` where the collector's address is none.
 */
export async function createTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { service, instance = randomUUID(), version, environment = process.env } = options;
  followAsyncCalls();
  const log = createLogger({
    service,
    instance,
    level: options.logLevel ?? 'info',
    destination: options.logDestination ?? 2,
  });
  const url = tracesEndpoint(environment);
  const identity = { service, instance, version };
  const [metrics, traces] = await Promise.all([
    createMetrics(identity),
    url === undefined ? undefined : createTraceExport(url, environment, identity, log.logger),
  ]).catch(async (thrown: unknown) => {
    await log.close();
    throw thrown;
  });
  const release = async () => {
    await traces?.shutdown();
    metrics.registry.clear();
    await log.close();
  };
  let released: Promise<void> | undefined;
  return {
    ...identity,
    logger: log.logger,
    metrics,
    withSpan: createWithSpan(traces?.startSpan ?? startIdsOnlySpan),
    pastSpan: createPastSpan(traces?.startSpan ?? startIdsOnlySpan),
    exporting: traces !== undefined,
    shutdown: () => {
      released ??= release();
      return released;
    },
  };
}
