// A client of an engine. Its argument says of which: `{ local: { host, port } }`, `{ etcd: { endpoints } }` or
// `{ nats: { servers, replicas } }`, `{ gateway: { url, token } }`. Says `up`; then each line of its standard input is a call, `{ id, method, args, patienceMs }`,
// and is answered by `{ id, calledAt, at, result }` or `{ id, calledAt, at, error }`, after any number of `{ id, item }`.
// Times are milliseconds of the machine's monotonic clock. Without `patienceMs` a call waits for ever.
import { createInterface } from 'node:readline';
import { systemClock as clock } from '../../../dist/kernel/clock/index.js';
import { gatewayMethods } from './gateway-methods.mjs';
import { linesCaller } from './lines-client.mjs';
import { plainError } from './plain-error.mjs';
import { queueMethods } from './queue-methods.mjs';
import { stateMethods } from './state-methods.mjs';

const now = () => Number(process.hrtime.bigint()) / 1e6;
const tell = (line) => void process.stdout.write(`${JSON.stringify(line)}\n`);
/** What an engine complains of is told by its answers. */
const logger = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

/** What can be called, as a function of the method's name. */
async function openEngine({ local, etcd, nats, gateway }) {
  if (local !== undefined) return linesCaller(local);
  let methods;
  if (etcd !== undefined) methods = await openEtcd(etcd);
  else methods = gateway === undefined ? await openNats(nats) : gatewayMethods(gateway);
  return (name) => methods[name];
}

async function openEtcd(options) {
  const { openEtcdState } = await import('../../../dist/kernel/state/index.js');
  return stateMethods(await openEtcdState({ ...options, clock, logger }));
}

async function openNats(options) {
  const { openNatsQueues } = await import('../../../dist/kernel/queue/index.js');
  return queueMethods(await openNatsQueues({ ...options, clock, logger }));
}

async function patiently(call, patienceMs) {
  if (patienceMs === undefined) return call(undefined);
  const late = new AbortController();
  let timer;
  const lateness = new Promise((_, reject) => {
    timer = setTimeout(() => {
      late.abort();
      reject(Object.assign(new Error('There was no answer in time.'), { code: 'no-answer' }));
    }, patienceMs);
  });
  try {
    return await Promise.race([call(late.signal), lateness]);
  } finally {
    clearTimeout(timer);
  }
}

const methodOf = await openEngine(JSON.parse(process.argv[2]));
console.log('up');
createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const { id, method, args, patienceMs } = JSON.parse(line);
    const calledAt = now();
    try {
      const onItem = (item) => tell({ id, item });
      const result = await patiently((signal) => methodOf(method)(args, onItem, signal), patienceMs);
      tell({ id, calledAt, at: now(), result: result ?? null });
    } catch (thrown) {
      tell({ id, calledAt, at: now(), error: plainError(thrown) });
    }
  })
  .once('close', () => process.exit(0));
