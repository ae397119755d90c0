import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectError } from '../../src/kernel/errors/expect-error.js';
import { type ChangeBatch, openEtcdState, type State } from '../../src/kernel/state/index.js';
import { missingEtcd, startEtcd } from '../servers/etcd.js';
import { CuttingProxy } from './cutting-proxy.js';
import { endpointsOf } from './etcd-harness.js';

const missing = missingEtcd();
if (missing !== undefined) console.log(`Lost answers of etcd are not tested: ${missing}`);

/** Enough for the settings of a connection and an answer or two. */
const chunksPerConnection = 7;

describe.skipIf(missing !== undefined)('the state on etcd, whose answers are lost', () => {
  let server: Awaited<ReturnType<typeof startEtcd>>;
  let proxy: CuttingProxy;
  let direct: State;
  let cut: State;

  beforeAll(async () => {
    server = await startEtcd();
  });
  afterAll(() => server.close());

  beforeEach(async () => {
    proxy = await CuttingProxy.start(server.url);
    const prefix = randomUUID();
    direct = await openEtcdState({ endpoints: endpointsOf(server), prefix });
    cut = await openEtcdState({ endpoints: [new URL(proxy.url).host], prefix, timeoutMs: 25_000 });
    proxy.chunksPerConnection = chunksPerConnection;
  });
  afterEach(async () => {
    await cut.close();
    await direct.close();
    await proxy.close();
  });

  /** All changes up to a revision, as somebody with a good connection sees them. */
  async function changesUpTo(state: State, revision: number): Promise<ChangeBatch[]> {
    const batches: ChangeBatch[] = [];
    await state.put('end', true);
    for await (const batch of state.watch('', { fromRevision: 1 })) {
      if (batch.revision > revision) break;
      batches.push(batch);
    }
    return batches;
  }

  /** Does something of everything with a state that is new. */
  async function live(state: State, value: number): Promise<void> {
    expect(await state.put('a', value)).toBe(1);
    const lease = await state.lease(60_000);
    expect(await state.put('b', 'held', { ifRevision: 0, lease: lease.id })).toBe(2);
    await lease.keepAlive();
    const { succeeded } = await state.transaction({
      compare: [{ key: 'b', exists: true }],
      success: [{ put: 'a', value: 'again' }, { delete: 'c' }],
      failure: [{ put: 'c', value: 'wrong' }],
    });
    expect(succeeded).toBe(true);
    expect(await state.get('a')).toMatchObject({ value: 'again', createRevision: 1, modRevision: 3 });
    await lease.revoke();
    expect(await state.delete('a', { ifRevision: 3 })).toBe(5);
    expect((await state.list('')).entries).toEqual([]);
  }

  it('does every write once, and tells its own revision', async () => {
    const revisions: number[] = [];
    for (let index = 0; index < 12; index += 1) {
      revisions.push(await cut.put('a', index));
      revisions.push(
        (
          await cut.transaction({
            compare: [{ key: 'b', exists: index > 0 }],
            success: [{ put: 'b', value: index }],
          })
        ).revision,
      );
      revisions.push(await cut.put(`c/${index}`, index, { ifRevision: 0 }));
      if (index % 3 === 2) revisions.push(await cut.delete(`c/${index}`));
    }
    expect(proxy.cuts).toBeGreaterThan(0);
    const batches = await changesUpTo(direct, revisions.at(-1) ?? 0);
    expect(batches.map(({ revision }) => revision)).toEqual(revisions);
    const values = batches.flatMap(({ changes }) =>
      changes.flatMap((change) =>
        change.type === 'put' && change.entry.key === 'a' ? [change.entry.value] : [],
      ),
    );
    expect(values).toEqual(Array.from({ length: 12 }, (_, index) => index));
  });

  it('opens, writes, leases and ends as always, whichever answer of all is lost', async () => {
    proxy.chunksPerConnection = Number.POSITIVE_INFINITY;
    let lost = 0;
    // until a whole life has fewer answers than pass before one is lost
    for (let pieces = 0; ; pieces += 1) {
      proxy.chunksToLoss = pieces;
      const prefix = randomUUID();
      const state = await openEtcdState({ endpoints: [new URL(proxy.url).host], prefix, timeoutMs: 25_000 });
      await live(state, pieces).finally(() => state.close());
      const other = await openEtcdState({ endpoints: endpointsOf(server), prefix });
      const batches = await changesUpTo(other, 5).finally(() => other.close());
      expect(batches).toMatchObject([
        { revision: 1, changes: [{ type: 'put', entry: { key: 'a', value: pieces } }] },
        { revision: 2, changes: [{ type: 'put', entry: { key: 'b', value: 'held' } }] },
        { revision: 3, changes: [{ type: 'put', entry: { key: 'a', value: 'again' } }] },
        { revision: 4, changes: [{ type: 'delete', key: 'b' }] },
        { revision: 5, changes: [{ type: 'delete', key: 'a' }] },
      ]);
      if (proxy.cuts === lost) break;
      lost = proxy.cuts;
    }
    expect(lost).toBeGreaterThan(8);
  });

  it('reports no conflict of a write with itself, and every conflict with others', async () => {
    let revision = 0;
    for (let index = 0; index < 10; index += 1) {
      revision = await cut.put('count', index, { ifRevision: revision });
      if (index % 4 !== 3) continue;
      const other = await direct.put('count', 'theirs');
      await expectError(cut.put('count', 'mine', { ifRevision: revision }), 'revision-conflict');
      expect(await cut.get('count')).toMatchObject({ value: 'theirs', modRevision: other });
      revision = other;
    }
    expect(proxy.cuts).toBeGreaterThan(0);
  });

  it('runs the right branch once, and none that has no effect', async () => {
    const results: boolean[] = [];
    for (let index = 0; index < 8; index += 1) {
      const { succeeded } = await cut.transaction({
        compare: [{ key: 'flag', exists: true }],
        success: [{ delete: 'flag' }],
        failure: [{ put: 'flag', value: index }],
      });
      results.push(succeeded);
      await cut.delete('never there');
    }
    expect(results).toEqual([false, true, false, true, false, true, false, true]);
    expect(proxy.cuts).toBeGreaterThan(0);
    const flags = (await changesUpTo(direct, (await direct.status()).revision)).flatMap(
      ({ changes }) => changes,
    );
    expect(flags.map(({ type }) => type)).toEqual(results.map((isThere) => (isThere ? 'delete' : 'put')));
  });

  it('has watches that miss nothing and repeat nothing', async () => {
    const watch = cut.watch('', { fromRevision: 1 })[Symbol.asyncIterator]();
    const seen: number[] = [];
    for (let index = 0; index < 30; index += 1) {
      await direct.put('a', index);
      const { value } = await watch.next();
      for (const change of value?.changes ?? [])
        if (change.type === 'put') seen.push(Number(change.entry.value));
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => index));
    expect(proxy.cuts).toBeGreaterThan(0);
  });

  it('keeps leases, ends each once, and takes one', async () => {
    for (let index = 0; index < 5; index += 1) {
      const lease = await cut.lease(60_000);
      await cut.put('held', index, { lease: lease.id });
      await lease.keepAlive();
      await lease.revoke();
      expect(await direct.get('held')).toBeUndefined();
      await expectError(lease.keepAlive(), 'lease-lapsed');
    }
    expect(proxy.cuts).toBeGreaterThan(0);
  });
});
