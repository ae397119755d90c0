import { describe } from 'vitest';
import { describeDeliveries } from './conformance/deliveries.js';
import type { QueueHarness } from './conformance/harness.js';
import { describeLeases } from './conformance/leases.js';
import { describeLifecycle } from './conformance/lifecycle.js';
import { describeModel } from './conformance/model.js';
import { describeOrder } from './conformance/order.js';

export type { QueueHarness } from './conformance/harness.js';

/**
 * The tests of the queue port's promises, for any engine. Call it in a test file of the adapter; it uses vitest, and
 * must not be imported by anything else.
 */
export function describeQueue(name: string, harness: QueueHarness): void {
  describe.skipIf(harness.missing !== undefined)(`queue: ${name}`, () => {
    describeDeliveries(harness);
    describeLeases(harness);
    describeOrder(harness);
    describeLifecycle(harness);
    describeModel(harness);
  });
}
