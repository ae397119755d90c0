export { type Attributes, type Context, type Span, SpanKind } from '@opentelemetry/api';
export { runInContext } from './context-manager.js';
export {
  type CheckReport,
  createHealth,
  type Health,
  type HealthReport,
  type ReadinessCheck,
} from './health.js';
export {
  createLogger,
  type LogDestination,
  type Logger,
  type LoggerOptions,
  type LogLevel,
} from './logger.js';
export {
  type Counter,
  createMetrics,
  type Gauge,
  type Histogram,
  type MetricName,
  type Metrics,
  secondsBuckets,
} from './metrics.js';
export type { PastSpan, SpanParent, WithSpan } from './spans.js';
export { createTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.js';
export { type CarrierHeaders, extractContext, injectContext, traceparent } from './trace-context.js';
export { type Environment, tracesEndpoint } from './trace-export.js';
