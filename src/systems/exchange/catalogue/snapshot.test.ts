import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLocalState, type State } from '../../../kernel/state/index.js';
import { consortium, openRelation } from '../scenarios/consortium.js';
import { openCatalogue } from './open.js';

const base = consortium({ VU: { relations: { ada: openRelation } } });

describe('following the state', () => {
  it('says so rather than go on with old agreements', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'starling-catalogue-'));
    const state = await openLocalState({ folder });
    let tell: (message: string) => void = () => {};
    const told = new Promise<string>((resolve) => {
      tell = resolve;
    });
    const logger = { error: (_fields: object, message: string) => tell(message) };
    const store = await openCatalogue(state, { logger });
    await state.close();
    expect(await told).toBe('the catalogue does not follow the state any more');
    expect(() => store.current()).toThrow('The state store was closed.');
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('reads again where the history was compacted away between reading and following', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'starling-catalogue-'));
    const state = await openLocalState({ folder });
    const store = await openCatalogue(state);
    await store.applyConfiguration(base, 'f.yaml');
    let lists = 0;
    const list: State['list'] = async (prefix, options) => {
      const page = await state.list(prefix, options);
      lists += 1;
      if (lists > 1) return page;
      await store.put('agreements', 'UVA', { relations: {} });
      await state.compact(await state.put('/other', 1));
      return page;
    };
    const racing = new Proxy(state, {
      get: (target, key) => {
        if (key === 'list') return list;
        const member: unknown = Reflect.get(target, key, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    const other = await openCatalogue(racing);
    const { revision } = await other.put('agreements', 'RUG', { relations: {} });
    expect(lists, 'the first reading, the second, and that of the put').toBe(3);
    expect([...other.current().agreements.keys()]).toEqual(['RUG', 'UVA', 'VU']);
    expect(other.current().agreements.get('RUG')?.revision).toBe(revision);
    await other.close();
    await store.close();
    await state.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('does not open over what it cannot read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'starling-catalogue-'));
    const state = await openLocalState({ folder });
    await state.put('/exchange/catalogue/parties/VU', { value: { name: 1 }, source: 'file', changedAt: '' });
    await expect(openCatalogue(state)).rejects.toThrow(
      'The stored party VU does not have the form that this version reads: name: expected text, but found 1; roles: missing; add it, as a list.',
    );
    await state.close();
    await rm(folder, { recursive: true, force: true });
  });
});
