import type { Counter, Gauge, Histogram, Metric, Registry } from 'prom-client';
import { StarlingError } from '../errors/index.js';

export type { Counter, Gauge, Histogram } from 'prom-client';

/** Prometheus' own rules of naming apply after the prefix: a base unit, and `_total` for counters. */
export type MetricName = `starling_${string}`;

/** Bounds in seconds for most of our waits: 1 ms to 1 min. */
export const secondsBuckets: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

/**
 * The metrics of one process. A name that was made before gives the same metric again, so that two owners in one
 * process share it; throws `internal` where it was made with another type or other labels.
 */
export interface Metrics {
  counter<L extends string = never>(name: MetricName, help: string, labels?: readonly L[]): Counter<L>;
  gauge<L extends string = never>(name: MetricName, help: string, labels?: readonly L[]): Gauge<L>;
  /** `buckets`: upper bounds in the unit that the name ends with, ascending. */
  histogram<L extends string = never>(
    name: MetricName,
    help: string,
    buckets: readonly number[],
    labels?: readonly L[],
  ): Histogram<L>;
  /** Everything in the Prometheus text format, to be served as `contentType`. */
  text(): Promise<string>;
  /** Calls back before each `text()`: for figures that are read when somebody asks, so that they are never stale. */
  beforeText(update: () => void): void;
  readonly contentType: string;
  /** For what the methods above do not offer. */
  readonly registry: Registry;
}

/**
 * Metrics in a registry of their own, with `process_*` and `nodejs_*` of this process in it, and
 * `starling_build_info` with the labels of `build`. prom-client is loaded only now: it costs 5 MB and 25 ms.
 */
export async function createMetrics(build: {
  readonly service: string;
  readonly instance: string;
  readonly version: string;
}): Promise<Metrics> {
  const prometheus = await import('prom-client');
  const registry = new prometheus.Registry();
  // The default of 10 ms would wake an idle process a hundred times a second.
  prometheus.collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });

  const once = <M extends Metric>(
    type: new (...parameters: never[]) => M,
    name: MetricName,
    labels: readonly string[],
    create: () => M,
  ): M => {
    const earlier = registry.getSingleMetric(name);
    if (earlier === undefined) return create();
    const earlierLabels = labelNames.get(name);
    if (earlier instanceof type && earlierLabels === labels.join()) return earlier;
    throw new StarlingError(
      'internal',
      `The metric ${name} was made with another type or with the labels ${earlierLabels}, not ${labels.join()}. ` +
        'Give it another name.',
    );
  };
  const labelNames = new Map<string, string>();
  const updates: (() => void)[] = [];
  const configuration = <L extends string>(name: MetricName, help: string, labels: readonly L[]) => {
    labelNames.set(name, labels.join());
    return { name, help, labelNames: [...labels], registers: [registry] };
  };

  const metrics: Metrics = {
    counter: <L extends string>(name: MetricName, help: string, labels: readonly L[] = []) =>
      once<Counter<L>>(
        prometheus.Counter,
        name,
        labels,
        () => new prometheus.Counter(configuration(name, help, labels)),
      ),
    gauge: <L extends string>(name: MetricName, help: string, labels: readonly L[] = []) =>
      once<Gauge<L>>(
        prometheus.Gauge,
        name,
        labels,
        () => new prometheus.Gauge(configuration(name, help, labels)),
      ),
    histogram: <L extends string>(
      name: MetricName,
      help: string,
      buckets: readonly number[],
      labels: readonly L[] = [],
    ) =>
      once<Histogram<L>>(
        prometheus.Histogram,
        name,
        labels,
        () => new prometheus.Histogram({ ...configuration(name, help, labels), buckets: [...buckets] }),
      ),
    text: () => {
      for (const update of updates) update();
      return registry.metrics();
    },
    beforeText: (update) => updates.push(update),
    contentType: registry.contentType,
    registry,
  };
  metrics
    .gauge('starling_build_info', 'Which build runs; always 1.', ['service', 'instance', 'version'])
    .set({ ...build }, 1);
  return metrics;
}
