import { afterAll, beforeAll } from 'vitest';
import { describeQueue } from '../../src/kernel/queue/conformance.js';
import { openNatsQueues } from '../../src/kernel/queue/index.js';
import { missingNats, startNats } from '../servers/nats.js';
import type { StartedServer } from '../servers/started-server.js';
import { prefixedStores } from './prefixed-stores.js';

const missing = missingNats();
if (missing !== undefined) console.log(`Queues in NATS are not tested: ${missing}`);

let server: StartedServer | undefined;
const silent = { info: () => {}, warn: () => {}, error: () => {} };

beforeAll(async () => {
  if (missing === undefined) server = await startNats();
});

afterAll(() => server?.close());

describeQueue('NATS', {
  ...(missing === undefined ? {} : { missing }),
  ...prefixedStores((prefix) => openNatsQueues({ servers: [server?.url ?? ''], prefix, logger: silent })),
  unitMs: 1_000,
});
