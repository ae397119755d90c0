import { secondsBuckets, type Telemetry } from '../../../kernel/telemetry/index.js';
import type { RequestRecord } from './request-record.js';

/** Counts requests by how they ended, and times them and their runs. */
export function requestMetrics(
  telemetry: Telemetry,
  running: () => number,
): { ended(record: RequestRecord): void } {
  const { metrics } = telemetry;
  const requests = metrics.counter('starling_requests_total', 'Requests by how they ended.', ['state']);
  const seconds = metrics.histogram(
    'starling_request_seconds',
    'Time from a request to its end.',
    secondsBuckets,
    ['state'],
  );
  const runs = metrics.histogram(
    'starling_run_seconds',
    'Time from an order to the end of its run.',
    secondsBuckets,
    ['party', 'state'],
  );
  const gauge = metrics.gauge('starling_requests_running', 'Requests that have not ended.');
  metrics.beforeText(() => gauge.set(running()));
  return {
    ended: (record) => {
      requests.inc({ state: record.state });
      seconds.observe(
        { state: record.state },
        ((record.endedAt ?? record.receivedAt) - record.receivedAt) / 1000,
      );
      for (const run of record.runs) {
        if (run.endedAt === undefined) continue;
        runs.observe({ party: run.party, state: run.state }, (run.endedAt - run.startedAt) / 1000);
      }
    },
  };
}
