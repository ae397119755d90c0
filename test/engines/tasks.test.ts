import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openNatsBlobs } from '../../src/kernel/blobs/index.js';
import { systemClock as clock } from '../../src/kernel/clock/index.js';
import { Closers } from '../../src/kernel/closers/index.js';
import { holdLeadership, type Lead } from '../../src/kernel/control/index.js';
import { openNatsQueues } from '../../src/kernel/queue/index.js';
import { openEtcdState } from '../../src/kernel/state/index.js';
import { openTasks, type Progress, type Tasks } from '../../src/systems/tasks/index.js';
import { madeUpload, source } from '../../src/systems/tasks/made-tasks.js';
import { missingEtcd, startEtcd } from '../servers/etcd.js';
import { missingNats, startNats } from '../servers/nats.js';

const missing = missingEtcd() ?? missingNats();
if (missing !== undefined) console.log(`Tasks of two gateways on etcd and NATS are not tested: ${missing}`);

const silent = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };
const closers = new Closers();
let etcd: { readonly url: string };
let nats: { readonly url: string };

beforeEach(async () => {
  if (missing !== undefined) return;
  etcd = closers.own(await startEtcd());
  nats = closers.own(await startNats());
});

afterEach(closers.close);

/** What one gateway has of the system: engines of its own on the same servers. */
async function open(holder: string): Promise<Tasks> {
  const servers = { servers: [nats.url], clock, logger: silent };
  const endpoints = [new URL(etcd.url).host];
  const state = closers.own(await openEtcdState({ endpoints, clock, logger: silent }));
  const blobs = closers.own(await openNatsBlobs(servers));
  const queues = closers.own(await openNatsQueues(servers));
  const lead: Lead = (name, work) =>
    holdLeadership({ state, name, holder, ttlMs: 10_000, clock, logger: silent, lead: work });
  return closers.own(await openTasks({ state, queues, blobs, clock, logger: silent, lead }));
}

async function untilEnded(tasks: Tasks, count: number): Promise<Progress> {
  const enough = new AbortController();
  for await (const progress of tasks.watchProgress({}, enough.signal)) {
    if (progress.ended < count) continue;
    enough.abort();
    return progress;
  }
  throw new Error('the progress is not told any more');
}

it.skipIf(missing !== undefined)('two gateways on etcd and NATS work on the same tasks', async () => {
  const [one, two] = [await open('one'), await open('two')];
  const names = ['a', 'b', 'c', 'd'];
  for (const [index, name] of names.entries()) await (index % 2 === 0 ? one : two).upload(madeUpload(name));
  const signal = new AbortController().signal;
  for (const [index] of names.entries()) {
    const [taker, finisher] = index % 2 === 0 ? [two, one] : [one, two];
    const [taken] = await taker.take({ worker: 'w', max: 1, waitMs: 20_000, signal });
    if (taken === undefined) throw new Error('no task was given');
    const { id, name } = taken.task;
    await finisher.extend(id, taken.lease);
    await finisher.complete(id, taken.lease, { source: source(name.toUpperCase()), mediaType: 'image/png' });
    expect(await text((await taker.read(id, 'result')).stream)).toBe(name.toUpperCase());
  }
  const counts = { uploading: 0, queued: 0, leased: 0, done: 4, failed: 0, cancelled: 0 };
  expect((await untilEnded(one, 4)).counts).toEqual(counts);
  expect((await untilEnded(two, 4)).counts).toEqual(counts);
  expect((await one.list()).tasks.map(({ id }) => id)).toEqual((await two.list()).tasks.map(({ id }) => id));
});
