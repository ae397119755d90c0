import { type Metrics, secondsBuckets } from '../telemetry/metrics.js';
import type { WorkCounts } from './work-queue.js';

/** How a reconcile ended. */
export type ReconcileOutcome = 'success' | 'error' | 'terminal';

/** What one controller reports of itself. */
export interface ControllerMetrics {
  reconciled(outcome: ReconcileOutcome, durationMs: number): void;
  counted(counts: WorkCounts): void;
  /** Takes the controller's gauges off; counters stay, as counters do. */
  close(): void;
}

const conditions = ['queued', 'running', 'delayed'] as const;

/**
 * The metrics of the controller called `name`; without `metrics` nothing is measured.
 * - `starling_control_reconciles_total{controller, outcome}`
 * - `starling_control_reconcile_seconds{controller}`
 * - `starling_control_keys{controller, condition}`
 */
export function controllerMetrics(name: string, metrics: Metrics | undefined): ControllerMetrics {
  if (metrics === undefined) {
    return { reconciled: () => undefined, counted: () => undefined, close: () => undefined };
  }
  const reconciles = metrics.counter('starling_control_reconciles_total', 'Reconciles by outcome.', [
    'controller',
    'outcome',
  ]);
  const seconds = metrics
    .histogram('starling_control_reconcile_seconds', 'Time that a reconcile took.', secondsBuckets, [
      'controller',
    ])
    .labels(name);
  const keys = metrics.gauge('starling_control_keys', 'Keys that wait, run, or wait for a timer.', [
    'controller',
    'condition',
  ]);
  const outcomes = {
    success: reconciles.labels(name, 'success'),
    error: reconciles.labels(name, 'error'),
    terminal: reconciles.labels(name, 'terminal'),
  };
  return {
    reconciled: (outcome, durationMs) => {
      outcomes[outcome].inc();
      seconds.observe(durationMs / 1_000);
    },
    counted: (counts) => {
      for (const condition of conditions) keys.set({ controller: name, condition }, counts[condition]);
    },
    close: () => {
      for (const condition of conditions) keys.remove(name, condition);
    },
  };
}
