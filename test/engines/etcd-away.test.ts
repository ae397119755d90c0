import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { Closers } from '../../src/kernel/closers/index.js';
import { expectError } from '../../src/kernel/errors/expect-error.js';
import { type ChangeBatch, type EtcdState, openEtcdState } from '../../src/kernel/state/index.js';
import { freePort } from '../operation/free-port.js';
import { missingEtcd, startEtcd, startEtcdCluster } from '../servers/etcd.js';
import { endpointsOf } from './etcd-harness.js';

const missing = missingEtcd();
if (missing !== undefined) console.log(`etcd that goes away is not tested: ${missing}`);

const closers = new Closers();
afterEach(() => closers.close());

describe.skipIf(missing !== undefined)('the state on etcd that goes away', () => {
  it('says which servers it asked, when none is there at the start', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const error = await expectError(
      openEtcdState({ endpoints: [address], timeoutMs: 300 }),
      'storage-unavailable',
    );
    expect(error.message).toContain(address);
    expect(error.details).toMatchObject({ endpoints: [address], outcome: 'not-done' });
  });

  it('fails calls in their time and goes on when it is back, with its watches and leases', async () => {
    const server = closers.own(await startEtcd());
    const state = closers.own(await openEtcdState({ endpoints: endpointsOf(server), timeoutMs: 400 }));
    const lease = await state.lease(30_000);
    await state.put('held', 1, { lease: lease.id });
    const watch = state.watch('a')[Symbol.asyncIterator]();
    const first = watch.next();
    await state.put('a', 1);
    expect((await first).value?.revision).toBe(2);
    const second = watch.next();
    await server.kill();
    const error = await expectError(state.put('b', 1), 'storage-unavailable');
    expect(['unknown', 'not-done']).toContain(error.details?.outcome);
    await expectError(state.get('a'), 'storage-unavailable');
    await expectError(lease.keepAlive(), 'storage-unavailable');
    await server.restart();
    const later = closers.own(await openEtcdState({ endpoints: endpointsOf(server) }));
    const revision = await later.put('a', 2);
    expect((await second).value?.revision).toBe(revision);
    await lease.keepAlive();
    expect((await state.get('held'))?.lease).toBe(lease.id);
  });

  it('loses nothing acknowledged and leaves no gap while a server of three is killed', async () => {
    const cluster = closers.own(await startEtcdCluster(3));
    const options = { endpoints: endpointsOf(cluster), prefix: 'kill', timeoutMs: 25_000 };
    const open = async () => closers.own(await openEtcdState(options));
    const states = [await open(), await open(), await open()];
    const [reader = await open()] = states;
    const watched = readUntil(reader, 'end');
    let killed: Promise<void> | undefined;
    const written = await Promise.all(
      states.map(async (state, writer) => {
        const revisions: number[] = [];
        for (let index = 0; index < 60; index += 1) {
          if (index === 20 && writer === 0) killed = cluster.members[0]?.kill();
          revisions.push(await state.put(`w/${writer}`, index), await increment(state));
        }
        return revisions;
      }),
    );
    await killed;
    await reader.put('end', true);
    const batches = await watched;
    const revisions = batches.map(({ revision }) => revision);
    expect(revisions).toEqual([...written.flat()].sort((a, b) => a - b));
    expect(await reader.get('count')).toMatchObject({ value: 180 });
    for (const writer of states.keys()) {
      const values = batches.flatMap(({ changes }) =>
        changes.flatMap((change) =>
          change.type === 'put' && change.entry.key === `w/${writer}` ? [change.entry.value] : [],
        ),
      );
      expect(values).toEqual(Array.from({ length: 60 }, (_, index) => index));
    }
    const { engine } = await reader.status();
    expect(engine?.members.map(({ isReachable }) => isReachable).sort()).toEqual([false, true, true]);
    expect(engine?.members.filter(({ isLeader }) => isLeader === true)).toHaveLength(1);
  });

  it('notices that another store, or none, is where it was', async () => {
    const server = closers.own(await startEtcd());
    const prefix = randomUUID();
    const state = closers.own(await openEtcdState({ endpoints: endpointsOf(server), prefix }));
    await state.put('a', 1);
    const waiting = (async () => {
      for await (const batch of state.watch('a')) return batch;
      return undefined;
    })();
    const [host] = endpointsOf(server);
    await server.close();
    const emptied = closers.own(await startEtcd({ port: Number(host?.split(':')[1]) }));
    expect(endpointsOf(emptied)).toEqual([host]);
    await expectError(waiting, 'storage-replaced');
    await expectError(state.get('a'), 'storage-replaced');
    await expectError(state.list(''), 'storage-replaced');
    await expectError(state.put('a', 2), 'storage-replaced');
    await expectError(state.put('new', 2, { ifRevision: 0 }), 'storage-replaced');
    const { identity } = state;
    const reopen = () => openEtcdState({ endpoints: endpointsOf(emptied), prefix, expected: identity });
    expect((await expectError(reopen(), 'storage-replaced')).message).toContain('came back empty');
    const other = closers.own(await openEtcdState({ endpoints: endpointsOf(emptied), prefix }));
    expect(other.identity).not.toBe(identity);
    expect(await other.list('')).toEqual({ entries: [], revision: 0 });
    expect((await expectError(reopen(), 'storage-replaced')).message).toContain(other.identity);
    await expectError(state.put('a', 2), 'storage-replaced');
  });
});

async function increment(state: EtcdState): Promise<number> {
  for (;;) {
    const entry = await state.get('count');
    const { succeeded, revision } = await state.transaction({
      compare: [{ key: 'count', modRevision: entry?.modRevision ?? 0 }],
      success: [{ put: 'count', value: Number(entry?.value ?? 0) + 1 }],
    });
    if (succeeded) return revision;
  }
}

/** The changes from the first on, up to that of a key. */
async function readUntil(state: EtcdState, key: string): Promise<ChangeBatch[]> {
  const batches: ChangeBatch[] = [];
  for await (const batch of state.watch('', { fromRevision: 1 })) {
    if (batch.changes.some((change) => change.type === 'put' && change.entry.key === key)) break;
    batches.push(batch);
  }
  return batches;
}
