import { describe } from 'vitest';
import { describeFailures } from './conformance/failures.js';
import type { RuntimeHarness } from './conformance/harness.js';
import { describeLifecycle } from './conformance/lifecycle.js';
import { describeReadiness } from './conformance/readiness.js';
import { describeReplicas } from './conformance/replicas.js';

export type { Behaviour, RunningRuntime, RuntimeHarness } from './conformance/harness.js';

/**
 * The tests of the runtime port's promises, for any adapter. Call it in a test file of the adapter; it uses vitest, and
 * must not be imported by anything else.
 */
export function describeRuntime(name: string, harness: RuntimeHarness): void {
  describe(`runtime: ${name}`, () => {
    describeReplicas(harness);
    describeFailures(harness);
    describeReadiness(harness);
    describeLifecycle(harness);
  });
}
