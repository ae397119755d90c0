import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../kernel/clock/index.js';
import { openLocalState, type State } from '../../../kernel/state/index.js';
import { exampleConfiguration, loadConfiguration } from '../configuration/index.js';
import { consortium, openRelation } from '../scenarios/consortium.js';
import { type CatalogueStore, openCatalogue } from './open.js';
import type { CatalogueChange } from './snapshot.js';

const ada = 'ada@university.example';
const agreement = { title: 'Agreement of VU', relations: { [ada]: openRelation } };
const base = consortium({ VU: agreement });

describe('the catalogue', () => {
  let folder: string;
  let state: State;
  let clock: ManualClock;
  let store: CatalogueStore;
  let logged: string[];

  const logger = { error: (_fields: object, message: string) => logged.push(message) };
  const open = async () => {
    state = await openLocalState({ folder });
    store = await openCatalogue(state, { clock, logger });
  };
  const close = async () => {
    await store.close();
    await state.close();
  };

  beforeEach(async () => {
    logged = [];
    clock = new ManualClock();
    folder = await mkdtemp(join(tmpdir(), 'starling-catalogue-'));
    await open();
  });
  afterEach(async () => {
    await close();
    await rm(folder, { recursive: true, force: true });
    expect(logged).toEqual([]);
  });

  it('brings a file in, and a second reading changes nothing', async () => {
    const configuration = loadConfiguration(exampleConfiguration(), 'starling.yaml');
    const { applied, kept } = await store.applyConfiguration(configuration, 'starling.yaml');
    expect(applied).toHaveLength(4 + 3 + 1 + 3 + 1 + 5);
    expect(new Set(applied.map(({ change }) => change))).toEqual(new Set(['added']));
    expect(kept).toEqual([]);
    expect(store.current().agreements.get('VU')).toEqual({
      value: configuration.agreements.VU,
      revision: expect.any(Number),
      source: 'file',
      changedAt: '2024-01-01T00:00:00.000Z',
    });
    const before = store.current();
    expect(await store.applyConfiguration(configuration, 'starling.yaml')).toEqual({ applied: [], kept: [] });
    expect(store.current()).toBe(before);
  });

  it('tells which agreements an earlier version changed or removed through the API', async () => {
    await store.applyConfiguration(base, 'f.yaml');
    expect(store.earlierAgreement('VU')).toBeUndefined();
    const changedAt = '2024-01-01T00:00:00.000Z';
    await store.put('agreements', 'VU', { relations: {} }, { changedBy: ada });
    expect(store.earlierAgreement('VU')).toEqual({
      agreement: { relations: {} },
      changedAt,
      changedBy: ada,
    });
    await store.remove('agreements', 'VU');
    expect(store.earlierAgreement('VU')).toEqual({ agreement: null, changedAt });
    const agent = { party: 'VU', version: 1, agreement, signedAt: changedAt, signed: 'by VU' };
    await store.takeAgreement(agent);
    expect(store.earlierAgreement('VU')).toBeUndefined();
  });

  it('brings in what the file changed, and removes what it has no more', async () => {
    await store.applyConfiguration(base, 'f.yaml');
    const title = { ...agreement, title: 'New' };
    const { RUG: _, ...parties } = base.parties;
    const { wageGap } = base.dataSets;
    if (wageGap === undefined) throw new Error('There is no such data set.');
    const { RUG: __, ...sources } = wageGap.sources;
    const next = {
      ...base,
      parties,
      dataSets: { wageGap: { ...wageGap, sources } },
      agreements: { VU: title },
    };
    expect(await store.applyConfiguration(next, 'f.yaml')).toEqual({
      applied: [
        { kind: 'dataSets', name: 'wageGap', change: 'changed' },
        { kind: 'agreements', name: 'VU', change: 'changed' },
        { kind: 'parties', name: 'RUG', change: 'removed' },
      ],
      kept: [],
    });
    expect([...store.current().parties.keys()]).toEqual(['SURF', 'UVA', 'VU']);
    expect(store.current().agreements.get('VU')?.value).toEqual(title);
  });

  it('never overwrites or brings back what was changed or removed through the API, also after it was re-opened', async () => {
    await store.applyConfiguration(base, 'f.yaml');
    clock.advance(60_000);
    const stricter = { ...agreement, denied: { 'mallory@university.example': 'No.' } };
    await store.put('agreements', 'VU', stricter, { changedBy: 'steward@vu.example' });
    await store.put('agreements', 'UVA', { relations: {} });
    await store.remove('agreements', 'UVA');
    await close();
    await open();
    const file = { ...base, agreements: { VU: { ...agreement, title: 'Other' }, UVA: { relations: {} } } };
    expect(await store.applyConfiguration(file, 'f.yaml')).toEqual({
      applied: [],
      kept: [
        {
          kind: 'agreements',
          name: 'VU',
          why: 'It was changed through the API by steward@vu.example at 2024-01-01T00:01:00.000Z; change it there.',
        },
        {
          kind: 'agreements',
          name: 'UVA',
          why: 'It was removed through the API at 2024-01-01T00:01:00.000Z; change it there.',
        },
      ],
    });
    expect(store.current().agreements.get('VU')).toMatchObject({ value: stricter, source: 'api' });
    expect(store.current().agreements.has('UVA')).toBe(false);
  });

  it('has what was put as soon as the put resolves, and tells it', async () => {
    await store.applyConfiguration(base, 'f.yaml');
    const told: CatalogueChange[] = [];
    const stop = store.onChange((changes) => told.push(...changes));
    const entry = await store.put('parties', 'TNO', { name: 'TNO', roles: ['computeProvider'] });
    expect(store.current().parties.get('TNO')).toBe(entry);
    expect(entry).toMatchObject({ value: { name: 'TNO', roles: ['computeProvider'] }, source: 'api' });
    await store.remove('parties', 'TNO', { ifRevision: entry.revision });
    expect(store.current().parties.has('TNO')).toBe(false);
    stop();
    await store.put('parties', 'TNO', { name: 'TNO', roles: ['requester'] }, { ifRevision: 0 });
    expect(told).toEqual([
      { kind: 'parties', name: 'TNO', removed: false, revision: entry.revision },
      { kind: 'parties', name: 'TNO', removed: true, revision: expect.any(Number) },
    ]);
  });

  it('keeps the maps of kinds that did not change, and never alters an earlier snapshot', async () => {
    await store.applyConfiguration(base, 'f.yaml');
    const before = store.current();
    await store.put('agreements', 'UVA', { relations: {} });
    expect(store.current().parties).toBe(before.parties);
    expect(before.agreements.has('UVA')).toBe(false);
  });

  it('follows what another writer of the same state does', async () => {
    await store.applyConfiguration(base, 'f.yaml');
    const other = await openCatalogue(state, { clock, logger });
    const seen = new Promise<void>((resolve) => store.onChange(() => resolve()));
    await other.put('agreements', 'UVA', { relations: {} });
    await seen;
    expect(store.current().agreements.get('UVA')).toEqual(other.current().agreements.get('UVA'));
    await other.close();
  });

  it('has what another writer took at the same time, as soon as it says that there is nothing to take', async () => {
    await store.applyConfiguration({ ...base, agreements: {} }, 'f.yaml');
    const other = await openCatalogue(state, { clock, logger });
    const signedAt = '2026-01-01T00:00:00.000Z';
    const given = { party: 'VU', version: 1, agreement, signedAt, signed: 'a.b.c' };
    const taken = await Promise.all(
      [store, other].map(async (one) => {
        const { isNew } = await one.takeAgreement(given);
        return { isNew, value: one.current().agreements.get('VU')?.value };
      }),
    );
    expect(taken.map(({ value }) => value)).toEqual([agreement, agreement]);
    expect(taken.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
    await other.close();
  });

  it('lets only one of two writers go on where both start from the same revision', async () => {
    await store.applyConfiguration(base, 'f.yaml');
    const ifRevision = store.current().agreements.get('VU')?.revision ?? 0;
    const other = await openCatalogue(state, { clock, logger });
    const results = await Promise.allSettled([
      store.put('agreements', 'VU', { ...agreement, title: 'One' }, { ifRevision }),
      other.put('agreements', 'VU', { ...agreement, title: 'Two' }, { ifRevision }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({
      code: 'revision-conflict',
    });
    await other.close();
  });

  it('does not let two writers together break a reference that each of them leaves whole', async () => {
    await store.applyConfiguration({ ...base, agreements: {} }, 'f.yaml');
    await store.put('parties', 'TNO', { name: 'TNO', roles: ['dataProvider'] });
    const ofTno = { ...base.dataSets.wageGap, sources: { TNO: { sample: { seed: 1 } } } };
    const other = await openCatalogue(state, { clock, logger });
    const results = await Promise.allSettled([
      store.remove('parties', 'TNO'),
      other.put('dataSets', 'ofTno', ofTno),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await other.close();
    const { parties, dataSets } = store.current();
    expect([parties.has('TNO'), dataSets.has('ofTno')]).toSatisfy(
      ([party, offered]) => party === true || offered === false,
    );
  });

  it('refuses what has another form, does not fit, is not there or was changed meanwhile', async () => {
    await store.applyConfiguration(base, 'f.yaml');
    await expect(store.put('parties', 'TNO', { name: 'TNO' })).rejects.toMatchObject({
      code: 'input-invalid',
      message: 'Correct party TNO:\n  roles: missing; add it, as a list',
    });
    await expect(store.put('parties', 'a/b', { name: 'a', roles: ['requester'] })).rejects.toMatchObject({
      code: 'input-invalid',
    });
    await expect(store.remove('parties', 'RUG')).rejects.toMatchObject({
      code: 'configuration-invalid',
      message:
        'The configuration without party RUG would not fit the rest of the configuration; nothing was changed:\n' +
        '  dataSets.wageGap.sources.RUG: there is no party RUG; known: SURF, UVA, VU',
    });
    await expect(store.remove('parties', 'TNO')).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.put('agreements', 'VU', agreement, { ifRevision: 0 })).rejects.toMatchObject({
      code: 'revision-conflict',
    });
  });

  it('lets go what only agreements name: those are their providers’ own', async () => {
    await store.applyConfiguration(base, 'f.yaml');
    await store.remove('archetypes', 'federatedAggregate');
    await store.remove('parties', 'SURF');
    const { archetypes, agreements } = store.current();
    expect([archetypes.has('federatedAggregate'), agreements.get('VU')?.value]).toEqual([false, agreement]);
  });

  it('refuses a file that does not fit what was changed through the API, as a whole', async () => {
    await store.applyConfiguration(base, 'f.yaml');
    const ofRug = { ...base.dataSets.wageGap, sources: { RUG: { sample: { seed: 1 } } } };
    await store.put('dataSets', 'ofRug', ofRug);
    const before = store.current();
    const { RUG: _, ...parties } = base.parties;
    await expect(
      store.applyConfiguration({ ...base, parties, dataSets: {}, agreements: {} }, 'f.yaml'),
    ).rejects.toThrow('dataSets.ofRug.sources.RUG: there is no party RUG');
    expect(store.current()).toBe(before);
  });

  it('brings in more objects than one transaction takes', async () => {
    const parties = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [
        `P${index}`,
        { name: 'A party', roles: ['requester' as const] },
      ]),
    );
    const many = { ...base, parties: { ...base.parties, ...parties } };
    expect((await store.applyConfiguration(many, 'f.yaml')).applied).toHaveLength(304 + 3 + 1 + 3 + 1 + 3);
    expect(store.current().parties.size).toBe(304);
  });

  it('takes no writes after it was closed', async () => {
    await store.close();
    await expect(store.put('agreements', 'UVA', { relations: {} })).rejects.toMatchObject({
      code: 'shutting-down',
    });
  });
});
