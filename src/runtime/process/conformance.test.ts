import { probeCaps } from '../../kernel/caps/index.js';
import { processHarness } from '../conformance/process-harness.js';
import { describeRuntime } from '../conformance.js';
import { openProcessRuntime } from './open.js';

const support = await probeCaps();

describeRuntime(
  'process',
  processHarness(async ({ state, folder, clock }) => {
    const runtime = openProcessRuntime({
      state,
      folder,
      clock,
      random: () => 0,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      host: 'here',
      url: () => 'http://127.0.0.1:8080',
      support,
      environment: process.env,
      backoff: { jitter: 'none' },
    });
    await runtime.start();
    return { runtime, close: () => runtime.close() };
  }),
);
