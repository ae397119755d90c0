import { describe, expect, it } from 'vitest';
import { createMetrics, secondsBuckets } from './metrics.js';

const create = () => createMetrics({ service: 'gateway', instance: 'g1', version: '1.2.3' });

describe('metrics', () => {
  it('tells the build and the process in the Prometheus text format', async () => {
    const metrics = await create();
    const text = await metrics.text();
    expect(text).toContain('starling_build_info{service="gateway",instance="g1",version="1.2.3"} 1');
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(metrics.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('counts and measures under documented names', async () => {
    const metrics = await create();
    metrics.counter('starling_requests_total', 'Requests by outcome.', ['outcome']).inc({ outcome: 'ok' }, 2);
    metrics.histogram('starling_run_seconds', 'Time of a run.', secondsBuckets).observe(0.03);
    metrics.gauge('starling_pool_free', 'Free runs.').set(3);
    const text = await metrics.text();
    expect(text).toContain('# HELP starling_requests_total Requests by outcome.');
    expect(text).toContain('starling_requests_total{outcome="ok"} 2');
    expect(text).toContain('starling_run_seconds_bucket{le="0.025"} 0');
    expect(text).toContain('starling_run_seconds_bucket{le="0.05"} 1');
    expect(text).toContain('starling_pool_free 3');
  });

  it('gives the same metric to two owners, and refuses another type or other labels', async () => {
    const metrics = await create();
    const first = metrics.counter('starling_requests_total', 'Requests.', ['outcome']);
    expect(metrics.counter('starling_requests_total', 'Requests.', ['outcome'])).toBe(first);
    const refused = expect.objectContaining({ code: 'internal' });
    expect(() => metrics.gauge('starling_requests_total', 'Requests.', ['outcome'])).toThrow(refused);
    expect(() => metrics.counter('starling_requests_total', 'Requests.', ['party'])).toThrow(refused);
  });

  it('keeps the metrics of two registries apart', async () => {
    const [one, other] = [await create(), await create()];
    one.counter('starling_requests_total', 'Requests.').inc();
    expect(await other.text()).not.toContain('starling_requests_total');
  });
});
