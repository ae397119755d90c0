import { DiagLogLevel, diag } from '@opentelemetry/api';
import { StarlingError } from '../errors/index.js';
import type { Logger } from './logger.js';
import type { StartSpan } from './spans.js';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Spans that are sent to a collector in batches. */
export interface TraceExport {
  readonly startSpan: StartSpan;
  /** Sends what is left and releases everything. A collector that cannot be reached is logged, not thrown. */
  shutdown(): Promise<void>;
}

/**
 * Where traces go: the full URL, or `undefined` where they are not exported. The variables are those of
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp, including the switches
 * `OTEL_SDK_DISABLED` and `OTEL_TRACES_EXPORTER=none`.
 */
export function tracesEndpoint(environment: Environment): string | undefined {
  const disabled = environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true';
  if (disabled || environment.OTEL_TRACES_EXPORTER === 'none') return undefined;
  if (environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const base = environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  return base ? `${base.replace(/\/$/, '')}/v1/traces` : undefined;
}

/**
 * Exports spans to `url` as OTLP/HTTP with JSON. The SDK is loaded only here, as it costs 6 MB and 100 ms. Headers,
 * time-outs, sampler and resource attributes are read by the SDK from the `OTEL_*` variables of this process. Throws
 * `configuration-invalid` where `url` is none.
 */
export async function createTraceExport(
  url: string,
  environment: Environment,
  identity: { readonly service: string; readonly instance: string; readonly version: string },
  logger: Logger,
): Promise<TraceExport> {
  if (!URL.canParse(url)) {
    throw new StarlingError(
      'configuration-invalid',
      `Traces cannot be sent to "${url}". Set OTEL_EXPORTER_OTLP_ENDPOINT to a URL such as http://localhost:4318.`,
    );
  }
  const [{ OTLPTraceExporter }, { BasicTracerProvider, BatchSpanProcessor }, resources] = await Promise.all([
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/resources'),
  ]);
  const log = (message: string, ...rest: unknown[]) =>
    logger.warn({ text: [message, ...rest].map(String).join(' ') }, 'trace export reported a problem');
  const silent = () => undefined;
  diag.setLogger(
    { error: log, warn: log, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  // The SDK's 10 s would hold up every shutdown for so long where the collector is down.
  const timeout = environment.OTEL_EXPORTER_OTLP_TIMEOUT ? {} : { timeoutMillis: 3_000 };
  const provider = new BasicTracerProvider({
    resource: resources
      .defaultResource()
      .merge(
        resources.resourceFromAttributes({
          'service.name': identity.service,
          'service.instance.id': identity.instance,
          'service.version': identity.version,
        }),
      )
      .merge(resources.detectResources({ detectors: [resources.envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url, ...timeout }))],
  });
  const tracer = provider.getTracer('starling', identity.version);
  return {
    startSpan: (name, options, parent) => tracer.startSpan(name, options, parent),
    shutdown: async () => {
      try {
        await provider.shutdown();
      } catch (thrown) {
        logger.warn({ err: thrown, url }, 'the last traces could not be exported');
      } finally {
        diag.disable();
      }
    },
  };
}
