import { processHarness } from '../conformance/process-harness.js';
import { describeRuntime } from '../conformance.js';
import { openMadeRuntime } from './made-runtime.js';

describeRuntime(
  'process',
  processHarness(async ({ state, folder, clock }) => {
    const runtime = await openMadeRuntime({ state, folder, clock });
    return { runtime, close: () => runtime.close() };
  }),
);
