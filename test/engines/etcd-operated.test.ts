import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { Closers } from '../../src/kernel/closers/index.js';
import { expectError } from '../../src/kernel/errors/expect-error.js';
import { type EtcdState, openEtcdState, stateLimits } from '../../src/kernel/state/index.js';
import { missingEtcd, startEtcd } from '../servers/etcd.js';
import { callJson, endpointsOf } from './etcd-harness.js';

const missing = missingEtcd();
if (missing !== undefined) console.log(`What operators do to etcd is not tested: ${missing}`);

const closers = new Closers();
afterEach(() => closers.close());

const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');

describe.skipIf(missing !== undefined)('the state on etcd, as operators have it', () => {
  it('is full at the quota, says what to do, and goes on when that is done', async () => {
    const server = closers.own(await startEtcd({ options: ['--quota-backend-bytes=16777216'] }));
    const state = closers.own(await openEtcdState({ endpoints: endpointsOf(server) }));
    const acknowledged: number[] = [];
    const fill = async () => {
      for (let index = 0; index < 40; index += 1) {
        acknowledged.push(await state.put('large', `${index}`.padEnd(900_000, 'x')));
      }
    };
    const error = await expectError(fill(), 'storage-full');
    expect(error.message).toContain('etcdctl alarm disarm');
    await expectError(state.put('small', 1), 'storage-full');
    const last = await state.get('large');
    expect(last?.modRevision).toBe(acknowledged.at(-1));
    expect((await state.status()).engine?.alarms.join()).toContain('NOSPACE');
    const { header } = await callJson(server.url, 'kv/range', { key: base64('x') });
    await callJson(server.url, 'kv/compaction', { revision: Object(header).revision, physical: true });
    await callJson(server.url, 'maintenance/defragment', {});
    const { alarms } = await callJson(server.url, 'maintenance/alarm', { action: 'GET' });
    expect(alarms).toMatchObject([{ alarm: 'NOSPACE' }]);
    for (const alarm of Object.values(Object(alarms))) {
      await callJson(server.url, 'maintenance/alarm', { action: 'DEACTIVATE', ...Object(alarm) });
    }
    expect(await state.put('small', 1)).toBeGreaterThan(last?.modRevision ?? 0);
  });

  it('asks for a user with the rights it needs, and keeps its place when tokens end', async () => {
    const server = closers.own(await startEtcd());
    const endpoints = endpointsOf(server);
    const prefix = 'mine';
    const auth = (method: string, body: object) => callJson(server.url, `auth/${method}`, body);
    const early = await expectError(
      openEtcdState({ endpoints, prefix, credentials: { user: 'starling', password: 'right' } }),
      'storage-refused',
    );
    expect(early.message).toContain('authentication is off');
    for (const user of ['root', 'starling', 'stranger']) {
      await auth('user/add', { name: user, password: 'right' });
      await auth('role/add', { name: user });
      await auth('user/grant', { user, role: user });
    }
    const perm = { permType: 'READWRITE', key: base64('mine/'), range_end: base64('mine0') };
    await auth('role/grant', { name: 'starling', perm });
    await auth('enable', {});
    const open = (user?: string, password = 'right') =>
      openEtcdState({
        endpoints,
        prefix,
        ...(user === undefined ? {} : { credentials: { user, password } }),
      });
    expect((await expectError(open(), 'storage-refused')).message).toContain('name one');
    await expectError(open('starling', 'wrong'), 'storage-refused');
    await expectError(open('nobody'), 'storage-refused');
    expect((await expectError(open('stranger'), 'storage-refused')).message).toContain('readwrite');
    const state = closers.own(await open('starling'));
    const watch = state.watch('a')[Symbol.asyncIterator]();
    const lease = await state.lease(30_000);
    const first = watch.next();
    await state.put('a', 1, { lease: lease.id });
    expect((await first).value?.revision).toBe(1);
    // A server that starts again believes no token that it gave out before.
    const second = watch.next();
    await server.restart();
    expect(await state.put('a', 2)).toBe(2);
    expect((await second).value?.revision).toBe(2);
    await lease.keepAlive();
    expect((await state.status()).engine?.name).toBe('etcd');
  });

  it('refuses what another version, or somebody else, has written', async () => {
    const server = closers.own(await startEtcd());
    const put = (key: string, value: string) =>
      callJson(server.url, 'kv/put', { key: base64(key), value: base64(value) });
    await put('newer/store', JSON.stringify({ format: 'starling-state', version: 2, identity: 'x' }));
    await put('theirs/store', 'not json');
    await put('mixed/other', 'x');
    const open = (prefix: string) => openEtcdState({ endpoints: endpointsOf(server), prefix });
    const newer = await expectError(open('newer'), 'storage-version');
    expect(newer.details).toMatchObject({ version: 2, reads: 1 });
    await expectError(open('theirs'), 'storage-failed');
    await expectError(open('mixed'), 'storage-failed');
    for (const prefix of ['', ' ', 'é', '/']) await expectError(open(prefix), 'configuration-invalid');
    for (const endpoints of [[], ['nowhere'], ['http://a:1']]) {
      await expectError(openEtcdState({ endpoints }), 'configuration-invalid');
    }
  });

  describe('in common use', () => {
    async function open(more: { historyRevisions?: number } = {}): Promise<[EtcdState, EtcdState]> {
      const server = closers.own(await startEtcd());
      const options = { endpoints: endpointsOf(server), prefix: randomUUID() };
      return [
        closers.own(await openEtcdState({ ...options, ...more })),
        closers.own(await openEtcdState(options)),
      ];
    }

    it('is one store for all that open it, and others have theirs', async () => {
      const [one, other] = await open();
      expect(other.identity).toBe(one.identity);
      await one.put('a', 1);
      expect(await other.get('a')).toMatchObject({ value: 1, modRevision: 1 });
      const lease = await one.lease(30_000);
      await (await other.resumeLease(lease.id)).revoke();
      await expectError(lease.keepAlive(), 'lease-lapsed');
      expect((await other.status()).leases).toBe(0);
    });

    it('forgets old history by itself, and tells a watch that was away', async () => {
      const [state, other] = await open({ historyRevisions: 20 });
      const away = other.watch('');
      for (let index = 0; index < 60; index += 1) await state.put('a', index);
      const { oldestRevision, revision } = await untilForgotten(state);
      expect(oldestRevision).toBeLessThanOrEqual(revision - 19);
      const error = await expectError(firstOf(away), 'history-compacted');
      expect(error.details?.compactedRevision).toBe(oldestRevision);
      const kept = other.watch('', { fromRevision: oldestRevision });
      expect((await firstOf(kept))?.revision).toBe(oldestRevision);
      expect((await state.get('a'))?.value).toBe(59);
    });

    it('delivers the deletes of the oldest revision that is kept', async () => {
      const [state] = await open();
      await state.put('a', 1);
      await state.delete('a');
      await state.put('b', 1);
      await state.compact(2);
      expect(await firstOf(state.watch('', { fromRevision: 2 }))).toEqual({
        revision: 2,
        changes: [{ type: 'delete', key: 'a', modRevision: 2 }],
      });
    });

    it('takes transactions at the limits of the port, also in both branches', async () => {
      const [state] = await open();
      const { operations, keyBytes, valueBytes } = stateLimits;
      const key = (branch: string, index: number) => `${branch}${index}`.padEnd(keyBytes, 'k');
      const value = 'x'.repeat(valueBytes / operations - 2);
      const branch = (name: string) =>
        Array.from({ length: operations }, (_, index) => ({ put: key(name, index), value }));
      const compare = Array.from({ length: operations }, (_, index) => ({
        key: key('s', index),
        exists: true,
      }));
      const transaction = { compare, success: branch('s'), failure: branch('f') };
      expect(await state.transaction(transaction)).toEqual({ succeeded: false, revision: 1 });
      expect((await state.status()).keys).toBe(operations);
      const written = await state.transaction({ compare: [], success: branch('s') });
      expect(await state.transaction(transaction)).toEqual({
        succeeded: true,
        revision: written.revision + 1,
      });
      const batches = await firstOf(state.watch('', { fromRevision: written.revision + 1 }));
      expect(batches?.changes).toHaveLength(operations);
      const half = { compare, success: [{ put: 'a', value: 'x'.repeat(valueBytes - 2) }], failure: [] };
      expect((await state.transaction(half)).succeeded).toBe(true);
    });

    it('ends a page early where its values are large, and goes on after it', async () => {
      const [state] = await open();
      const large = 'x'.repeat(1_000_000);
      for (let index = 10; index < 22; index += 1) await state.put(`k${index}`, large);
      const first = await state.list('k');
      expect(first.entries.length).toBeLessThan(12);
      const second = await state.list('k', { after: first.next ?? '' });
      expect(second).not.toHaveProperty('next');
      expect([...first.entries, ...second.entries].map(({ key }) => key)).toEqual(
        Array.from({ length: 12 }, (_, index) => `k${index + 10}`),
      );
    });

    it('delivers a catch-up of large revisions whole and in order', async () => {
      const [state, other] = await open();
      const value = 'x'.repeat(200_000);
      for (let index = 0; index < 12; index += 1) {
        const success = ['a', 'b', 'c', 'd'].map((key) => ({ put: key, value: `${index}${value}` }));
        await state.transaction({ compare: [], success });
      }
      let expected = 1;
      for await (const { revision, changes } of other.watch('', { fromRevision: 1 })) {
        expect([revision, changes.length]).toEqual([expected, 4]);
        expected += 1;
        if (expected > 12) break;
      }
    });
  });
});

/** Waits for the watch of one store to be told that its beginning is gone. */
async function untilForgotten(state: EtcdState): Promise<{ oldestRevision: number; revision: number }> {
  for (;;) {
    const status = await state.status();
    if (status.oldestRevision > 1) return status;
  }
}

async function firstOf<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of items) return item;
  return undefined;
}
