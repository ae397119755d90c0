import { describe } from 'vitest';
import type { StateHarness } from './conformance/harness.js';
import { describeLeases } from './conformance/leases.js';
import { describeLifecycle } from './conformance/lifecycle.js';
import { describeLists } from './conformance/lists.js';
import { describeModel } from './conformance/model.js';
import { describeTransactions } from './conformance/transactions.js';
import { describeWatches } from './conformance/watches.js';
import { describeWrites } from './conformance/writes.js';

export type { StateCapabilities, StateHarness } from './conformance/harness.js';

/**
 * The tests of the state port's promises, for any engine. Call it in a test file of the adapter; it uses vitest, and
 * must not be imported by anything else.
 */
export function describeState(name: string, harness: StateHarness): void {
  describe(`state: ${name}`, () => {
    describeWrites(harness);
    describeTransactions(harness);
    describeLists(harness);
    describeWatches(harness);
    describeLeases(harness);
    describeLifecycle(harness);
    describeModel(harness);
  });
}
