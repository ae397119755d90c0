import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/index.js';
import { StarlingError } from '../errors/index.js';
import { madeKey } from '../identity/made-key.js';
import { type Json, openLocalState, type State } from '../state/index.js';
import { signAuditHead, verifyAuditHead } from './audit-head.js';
import type { AuditEntry, AuditHead } from './audit-log.js';
import { chainStart } from './chain.js';
import { openAuditLog } from './open-audit-log.js';
import { readAuditEntries, readReceivedHeads } from './stored-log.js';
import { verifyAuditLog } from './verify-audit-log.js';

const key = madeKey();
const other = madeKey();
const day = 24 * 3600 * 1000;
let folder: string;
let state: State;
let clock: ManualClock;
let fresh = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'starling-audit-'));
  state = await openLocalState({ folder });
  clock = new ManualClock(Date.UTC(2026, 0, 1));
});

afterEach(async () => {
  await state.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (over: State = state) => openAuditLog({ state: over, owner: 'VU', key, clock });
const verify = async (...heads: AuditHead[]) =>
  verifyAuditLog(readAuditEntries(state), { owner: 'VU', heads });

/** A state that counts transactions and fails those that `fails` tells. */
const watched = (fails: () => boolean = () => false) => {
  const seen = { transactions: 0 };
  const over: State = Object.assign(Object.create(state), {
    transaction: async (transaction: Parameters<State['transaction']>[0]) => {
      seen.transactions += 1;
      if (fails()) throw new StarlingError('storage-full', 'The disk is full.');
      return state.transaction(transaction);
    },
    get: state.get.bind(state),
    list: state.list.bind(state),
    put: state.put.bind(state),
  });
  return { over, seen };
};

describe('append', () => {
  it('chains what it writes, and goes on where it was after it was opened again', async () => {
    const log = await open();
    const first = await log.append('order-taken', { order: 'o1' });
    expect(first).toEqual({
      sequence: 1,
      at: '2026-01-01T00:00:00.000Z',
      type: 'order-taken',
      data: { order: 'o1' },
      previous: chainStart('VU').hash,
      hash: expect.stringMatching(/^[\w-]{43}$/),
    });
    clock.advance(1000);
    const second = await (await open()).append('order-released', null);
    expect(second).toMatchObject({ sequence: 2, at: '2026-01-01T00:00:01.000Z', previous: first.hash });
    expect(await verify()).toMatchObject({ isSound: true, entries: 2 });
  });

  it('shares writes among those who call at once, in the order of their calls', async () => {
    const { over, seen } = watched();
    const log = await open(over);
    const entries = await Promise.all(Array.from({ length: 1000 }, (_, n) => log.append('n', n)));
    expect(entries.map(({ sequence, data }) => [sequence, data])).toEqual(
      Array.from({ length: 1000 }, (_, n) => [n + 1, n]),
    );
    expect(seen.transactions).toBe(8);
    expect(await verify()).toMatchObject({ isSound: true, entries: 1000 });
  });

  it('holds batches within what a transaction takes', async () => {
    const log = await open();
    const data = 'x'.repeat(250_000);
    await Promise.all(Array.from({ length: 12 }, () => log.append('large', data)));
    expect(await verify()).toMatchObject({ isSound: true, entries: 12 });
  });

  it('refuses what is too large, and writes what came with it', async () => {
    const log = await open();
    const [large, small] = await Promise.allSettled([
      log.append('large', 'x'.repeat(300_000)),
      log.append('small', 1),
    ]);
    expect(large).toMatchObject({ status: 'rejected', reason: { code: 'input-too-large' } });
    expect(small).toMatchObject({ status: 'fulfilled', value: { sequence: 1 } });
  });

  it('hashes what will be read again', async () => {
    const log = await open();
    const data = { b: -0, a: [Number.NaN], '10': 'é\ud800', '2': undefined } as unknown as Json;
    const entry = await log.append('odd', data);
    expect(entry.data).toEqual({ '10': 'é\ud800', a: [null], b: 0 });
    expect(await verify()).toMatchObject({ isSound: true });
  });

  it('writes nothing where it rejects, and no gap comes of it', async () => {
    let isFull = true;
    const log = await open(watched(() => isFull).over);
    const lost = await Promise.allSettled([log.append('a', 1), log.append('b', 2)]);
    expect(lost.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isFull = false;
    expect(await log.append('c', 3)).toMatchObject({ sequence: 1, data: 3 });
    expect(await verify()).toMatchObject({ isSound: true, entries: 1 });
  });

  it('goes on after what another process wrote', async () => {
    const log = await open();
    const second = await open();
    const first = await second.append('a', 1);
    expect(await log.append('b', 2)).toMatchObject({ sequence: 2, previous: first.hash });
    expect(await second.append('c', 3)).toMatchObject({ sequence: 3 });
    expect(await verify()).toMatchObject({ isSound: true, entries: 3 });
  });

  it('goes on with no log that was written anew meanwhile', async () => {
    const log = await open();
    await log.append('a', 1);
    for (const { key } of (await state.list('audit/')).entries) await state.delete(key);
    const another = await open();
    await another.append('b', 2);
    await another.append('c', 3);
    await expect(log.append('d', 4)).rejects.toMatchObject({ code: 'audit-broken' });
  });

  it('makes one chain without gaps of what several processes append, in the order of each', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ by: fc.nat(2), together: fc.boolean() }), { minLength: 1, maxLength: 40 }),
        async (appends) => {
          fresh += 1;
          const owner = `VU${fresh}`;
          const options = { state, owner, key, clock, prefix: `${owner}/` };
          const logs = await Promise.all([1, 2, 3].map(() => openAuditLog(options)));
          const all: Promise<AuditEntry>[] = [];
          for (const [nth, { by, together }] of appends.entries()) {
            const appended = logs[by]?.append(`by-${by}`, nth);
            if (appended !== undefined) all.push(appended);
            if (!together) await appended;
          }
          const entries = await Promise.all(all);
          expect(entries.map(({ sequence }) => sequence).sort((one, other) => one - other)).toEqual(
            appends.map((_, nth) => nth + 1),
          );
          for (const by of [0, 1, 2]) {
            const own = entries.filter(({ type }) => type === `by-${by}`);
            const sequences = own.map(({ sequence }) => sequence);
            expect(sequences).toEqual([...sequences].sort((one, other) => one - other));
          }
          const heads = await Promise.all(
            logs.map(async (log) => verifyAuditHead(await log.head(), [key.publicKey], owner)),
          );
          const report = await verifyAuditLog(readAuditEntries(state, options.prefix), { owner, heads });
          expect(report).toMatchObject({ isSound: true, entries: appends.length });
          expect(report.confirmedTo).toBe(appends.length);
        },
      ),
      { numRuns: 15 },
    );
  });
});

describe('openAuditLog', () => {
  it('goes on with no log whose end was changed', async () => {
    const log = await open();
    await log.append('a', 1);
    const last = await log.append('b', 2);
    const at = 'audit/entry/0000000000000002';
    const broken = { code: 'audit-broken', message: expect.stringContaining('audit verify') };
    await state.put(at, { ...last, type: 'c' });
    await expect(open()).rejects.toMatchObject(broken);
    await state.delete(at);
    await expect(open()).rejects.toMatchObject(broken);
    await state.put(at, { ...last });
    await state.put('audit/entry/0000000000000003', { ...last, sequence: 3 });
    await expect(open()).rejects.toMatchObject(broken);
    await state.delete('audit/entry/0000000000000003');
    await state.put('audit/end', 'x');
    await expect(open()).rejects.toMatchObject(broken);
    await state.delete('audit/end');
    await expect(open()).rejects.toMatchObject(broken);
  });

  it('keeps several logs in one store', async () => {
    const gateway = await openAuditLog({ state, owner: 'gateway', key, clock, prefix: 'gateway-audit/' });
    const log = await open();
    await gateway.append('a', 1);
    expect(await log.append('b', 2)).toMatchObject({ sequence: 1, previous: chainStart('VU').hash });
  });
});

describe('page', () => {
  it('reads the log in parts, oldest first', async () => {
    const log = await open();
    await Promise.all(Array.from({ length: 25 }, (_, n) => log.append('n', n)));
    const read: AuditEntry[] = [];
    let next: number | undefined = 0;
    while (next !== undefined) {
      const page = await log.page({ limit: 10, after: next });
      expect(page.items.length).toBeLessThanOrEqual(10);
      read.push(...page.items);
      next = page.next;
    }
    expect(read.map(({ data }) => data)).toEqual(Array.from({ length: 25 }, (_, n) => n));
    expect(await log.page({ limit: 10, after: 25 })).toEqual({ items: [] });
  });

  it('says where something is no entry', async () => {
    const log = await open();
    await log.append('a', 1);
    await state.put('audit/entry/0000000000000001', { sequence: 1 });
    await expect(log.page({ limit: 10 })).rejects.toMatchObject({ code: 'audit-broken' });
  });
});

describe('head', () => {
  it('binds the owner to the newest entry, and is signed once for it', async () => {
    const log = await open();
    const empty = await log.head();
    const entry = await log.append('a', 1);
    const signed = await log.head();
    clock.advance(1000);
    expect(await log.head()).toBe(signed);
    const head = await verifyAuditHead(signed, [other.publicKey, key.publicKey], 'VU');
    expect(head).toEqual({ owner: 'VU', sequence: 1, hash: entry.hash, at: '2026-01-01T00:00:00.000Z' });
    const before = await verifyAuditHead(empty, [key.publicKey], 'VU');
    expect(before).toMatchObject({ sequence: 0, hash: chainStart('VU').hash });
    expect(await verify(head, before)).toMatchObject({ isSound: true, confirmedTo: 1 });
  });

  it('is believed only of its owner and with a known key', async () => {
    const signed = await (await open()).head();
    const refused = { code: 'signature-invalid' };
    await expect(verifyAuditHead(signed, [other.publicKey], 'VU')).rejects.toMatchObject(refused);
    await expect(verifyAuditHead(signed, [key.publicKey], 'UVA')).rejects.toMatchObject(refused);
    const odd = await key.sign('starling-audit-head+jwt', { owner: 'VU', sequence: 'x' });
    await expect(verifyAuditHead(odd, [key.publicKey], 'VU')).rejects.toMatchObject(refused);
  });

  it('shows a log that was cut', async () => {
    const log = await open();
    await log.append('a', 1);
    await log.append('b', 2);
    const head = await verifyAuditHead(await log.head(), [key.publicKey], 'VU');
    await state.delete('audit/entry/0000000000000002');
    expect((await verify(head)).findings).toMatchObject([{ kind: 'cut', from: 2, to: 2 }]);
  });
});

describe('heads of counterparties', () => {
  const made = async (owner: string, sequence: number, hash = `h${sequence}`) => {
    const head = { owner, sequence, hash, at: '2026-01-01T00:00:00.000Z' };
    return [head, await signAuditHead(head, other)] as const;
  };

  it('are kept: the newest of each day, by owner and sequence', async () => {
    const log = await open();
    const heads = await Promise.all([3, 5, 4].map((sequence) => made('UVA', sequence)));
    for (const [head, signed] of heads) await log.keep(head, signed);
    clock.advance(day);
    const [later, laterSigned] = await made('UVA', 9);
    await (await open()).keep(later, laterSigned);
    const [gateway, gatewaySigned] = await made('gate/way', 1);
    await log.keep(gateway, gatewaySigned);
    const kept = [
      { owner: 'UVA', head: heads[1]?.[1], receivedAt: '2026-01-01T00:00:00.000Z' },
      { owner: 'UVA', head: laterSigned, receivedAt: '2026-01-02T00:00:00.000Z' },
      { owner: 'gate/way', head: gatewaySigned, receivedAt: '2026-01-02T00:00:00.000Z' },
    ];
    expect(await log.received()).toEqual(kept);
    expect(await readReceivedHeads(state)).toEqual(kept);
  });

  it('that an older one comes after are not lost, also when the log was opened again', async () => {
    const [head, signed] = await made('UVA', 5);
    await (await open()).keep(head, signed);
    const log = await open();
    await log.keep(...(await made('UVA', 2)));
    expect((await log.received()).map((one) => one.head)).toEqual([signed]);
  });

  it('that differ for one entry are both written down, once', async () => {
    const log = await open();
    const [head, signed] = await made('UVA', 5);
    await log.keep(head, signed);
    await log.keep(head, signed);
    const [forked, forkedSigned] = await made('UVA', 5, 'anew');
    await log.keep(forked, forkedSigned);
    await log.keep(forked, forkedSigned);
    expect((await log.page({ limit: 10 })).items).toMatchObject([
      {
        type: 'audit-heads-differ',
        data: { owner: 'UVA', sequence: 5, kept: signed, received: forkedSigned },
      },
    ]);
    expect((await log.received()).map((one) => one.head)).toEqual([signed]);
  });

  it('of several processes are kept by the newest of all, and one that differs is found by whichever comes later', async () => {
    const [one, another] = [await open(), await open()];
    await one.keep(...(await made('UVA', 5)));
    await another.keep(...(await made('UVA', 4)));
    const [, six] = await made('UVA', 6);
    await Promise.all([one.keep(...(await made('UVA', 7))), another.keep(...(await made('UVA', 6)))]);
    const [, seven] = await made('UVA', 7);
    expect((await one.received()).map(({ head }) => head)).toEqual([seven]);
    expect(six).not.toBe(seven);
    const [forked, forkedSigned] = await made('UVA', 7, 'anew');
    await another.keep(forked, forkedSigned);
    await another.keep(forked, forkedSigned);
    expect((await one.page({ limit: 10 })).items).toMatchObject([
      { type: 'audit-heads-differ', data: { kept: seven, received: forkedSigned } },
    ]);
  });

  it('that could not be written are taken again', async () => {
    const log = await open(
      Object.assign(watched().over, {
        put: (() => {
          let calls = 0;
          return async (...given: Parameters<State['put']>) => {
            calls += 1;
            if (calls === 1) throw new StarlingError('storage-full', 'The disk is full.');
            return state.put(...given);
          };
        })(),
      }),
    );
    const [head, signed] = await made('UVA', 5);
    await expect(log.keep(head, signed)).rejects.toMatchObject({ code: 'storage-full' });
    expect(await log.received()).toEqual([]);
    await log.keep(head, signed);
    expect(await log.received()).toHaveLength(1);
  });
});
