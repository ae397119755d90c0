import { expect, it } from 'vitest';
import { type RuntimeHarness, serviceOf, until, untilHeard, untilReady, withRuntime } from './harness.js';

/** When an instance is held for ready, and when for dead. */
export function describeReadiness(harness: RuntimeHarness): void {
  it(
    'holds an instance for ready once it answers what it is asked',
    withRuntime(harness, async ({ runtime }) => {
      const readiness = { http: '/well' };
      await runtime.declare([serviceOf(harness, 'answers', { readiness, replicas: { desired: 2 } })], {
        source: 'test',
      });
      await untilHeard(runtime, 'worker', 2);
      // it may have been asked before it listened
      harness.advance(1_000);
      await untilReady(runtime, 'worker', 2);
    }),
  );

  it(
    'replaces an instance that does not answer in time, or not well any more',
    withRuntime(harness, async ({ runtime }) => {
      const readiness = { http: '/unwell' };
      const worker = serviceOf(harness, 'answers', { readiness, startSeconds: 5 });
      await runtime.declare([worker], { source: 'test' });
      await untilHeard(runtime, 'worker', 1);
      harness.advance(5_000);
      const first = await until(runtime, 'worker', ({ instances: [one] }) => one?.state === 'ended');
      expect(first.instances[0]?.cause).toBe('killed: was not ready within 5 s; ended by SIGKILL');
      const liveness = { http: '/unwell', everySeconds: 2 };
      await runtime.declare([{ ...worker, readiness: 'started', liveness }], { source: 'test' });
      await untilReady(runtime, 'worker', 1);
      harness.advance(6_000);
      const second = await until(runtime, 'worker', ({ instances: [one] }) => one?.state === 'ended');
      expect(second.instances[0]?.cause).toBe('killed: gave no sign of life for 6 s; ended by SIGKILL');
    }),
  );

  it(
    'refuses one port for several instances',
    withRuntime(harness, async ({ runtime }) => {
      const worker = serviceOf(harness, 'answers', { readiness: { http: '/well', port: 9_000 } });
      await expect(runtime.declare([worker], { source: 'test' })).rejects.toMatchObject({
        code: 'configuration-invalid',
      });
    }),
  );
}
