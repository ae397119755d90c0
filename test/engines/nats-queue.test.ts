import { afterAll, beforeAll } from 'vitest';
import { describeQueue } from '../../src/kernel/queue/conformance.js';
import { openNatsQueues, type Queues } from '../../src/kernel/queue/index.js';
import { missingNats, startNats } from '../servers/nats.js';
import type { StartedServer } from '../servers/started-server.js';

const missing = missingNats();
if (missing !== undefined) console.log(`Queues in NATS are not tested: ${missing}`);

let server: StartedServer | undefined;
let stores = 0;
const prefixes = new Map<Queues, string>();
const silent = { info: () => {}, warn: () => {}, error: () => {} };

async function openAt(prefix: string): Promise<Queues> {
  const queues = await openNatsQueues({ servers: [server?.url ?? ''], prefix, logger: silent });
  prefixes.set(queues, prefix);
  return queues;
}

beforeAll(async () => {
  if (missing === undefined) server = await startNats();
});

afterAll(() => server?.close());

describeQueue('NATS', {
  ...(missing === undefined ? {} : { missing }),
  open: () => openAt(`store${++stores}`),
  reopen: async (queues) => {
    await queues.close();
    return openAt(prefixes.get(queues) ?? '');
  },
  dispose: (queues) => queues.close(),
  unitMs: 1_000,
});
