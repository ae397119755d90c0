import { expect, it } from 'vitest';
import { type RuntimeHarness, serviceOf, until, untilReady, withRuntime } from './harness.js';

/** Instances that die, fail or hang. */
export function describeFailures(harness: RuntimeHarness): void {
  it(
    'replaces an instance that was killed',
    withRuntime(harness, async ({ runtime }) => {
      await runtime.declare([serviceOf(harness, 'serves')], { source: 'test' });
      const [first] = (await untilReady(runtime, 'worker', 1)).instances;
      if (first === undefined) throw new Error('there is no instance');
      harness.murder(first);
      const { instances } = await until(runtime, 'worker', ({ instances: [one] }) => one?.state === 'ended');
      expect(instances[0]).toMatchObject({ id: first.id, cause: 'ended by SIGKILL' });
      harness.advance(500);
      const [second] = (await untilReady(runtime, 'worker', 1)).instances;
      expect(second).toMatchObject({ slot: 0, restarts: 1 });
      expect(second?.id).not.toBe(first.id);
    }),
  );

  it(
    'tries a program that fails again after longer and longer waits, and says what it said',
    withRuntime(harness, async ({ runtime }) => {
      await runtime.declare([serviceOf(harness, 'fails')], { source: 'test' });
      for (const [restarts, ms] of [500, 1_000, 2_000].entries()) {
        const { instances } = await until(
          runtime,
          'worker',
          ({ instances: [one] }) => one?.state === 'ended' && one.restarts === restarts,
        );
        const [{ cause, endedAt = '', retryAt = '' } = { cause: '' }] = instances;
        expect(cause).toBe('ended with status 3; it said: no luck');
        expect(Date.parse(retryAt) - Date.parse(endedAt)).toBe(ms);
        harness.advance(ms);
      }
    }),
  );

  it(
    'kills an instance that does not end within its grace',
    withRuntime(harness, async ({ runtime }) => {
      await runtime.declare([serviceOf(harness, 'hangs', { graceSeconds: 5 })], { source: 'test' });
      await untilReady(runtime, 'worker', 1);
      await runtime.scale('worker', 0, { because: 'enough' });
      await until(runtime, 'worker', ({ instances: [one] }) => one?.state === 'draining');
      harness.advance(5_000);
      await until(runtime, 'worker', ({ instances }) => instances.length === 0);
    }),
  );
}
