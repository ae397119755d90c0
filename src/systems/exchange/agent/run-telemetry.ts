import type { Telemetry } from '../../../kernel/telemetry/index.js';
import type { Phase, RunPool } from '../runs/index.js';

/** Tells how many of a party's runs are in which state, whenever metrics are read. */
export function registerPoolMetrics(telemetry: Telemetry, party: string, pool: RunPool): void {
  const gauge = telemetry.metrics.gauge(
    'starling_runs',
    'Runs of a party by state: warm, working, waiting.',
    ['party', 'state'],
  );
  telemetry.metrics.beforeText(() => {
    const { warm, working, waiting } = pool.status();
    gauge.set({ party, state: 'warm' }, warm);
    gauge.set({ party, state: 'working' }, working);
    gauge.set({ party, state: 'waiting' }, waiting);
  });
}

/** A run's process tells how long each phase took; the trace goes on in there by what it tells. */
export function tracePhases(
  telemetry: Telemetry,
  party: string,
  startedAt: number,
  phases: readonly Phase[],
): void {
  let at = startedAt;
  for (const { name, ms } of phases) {
    telemetry.pastSpan(`run ${name}`, { 'starling.party': party }, at, at + ms);
    at += ms;
  }
}
