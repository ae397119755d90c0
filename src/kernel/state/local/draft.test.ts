import { describe, expect, it } from 'vitest';
import { prepareTransaction } from '../prepare.js';
import type { Operation } from '../state.js';
import { type CommittedView, Draft } from './draft.js';
import type { StoredEntry } from './records.js';

const stored = new Map<string, StoredEntry>([
  ['leased', { createRevision: 3, modRevision: 5, lease: 'live', text: '1' }],
  ['plain', { createRevision: 4, modRevision: 4, lease: undefined, text: '2' }],
]);
const view: CommittedView = {
  head: { revision: 7, oldest: 2 },
  get: (key) => stored.get(key),
  isLive: (lease) => lease === 'live',
  leaseKeys: (lease) => (lease === 'live' ? ['leased'] : []),
};
const write = (...success: Operation[]) => ({
  type: 'transaction' as const,
  transaction: prepareTransaction({ compare: [], success }),
});

describe('Draft', () => {
  it('lets a later command see what an earlier one of the group did', () => {
    const draft = new Draft(view);
    expect(draft.apply(write({ put: 'new', value: 1 }))).toEqual({ succeeded: true, revision: 8 });
    const transaction = prepareTransaction({
      compare: [{ key: 'new', modRevision: 8 }],
      success: [{ delete: 'new' }],
    });
    expect(draft.apply({ type: 'transaction', transaction })).toEqual({ succeeded: true, revision: 9 });
    expect(draft.apply({ type: 'transaction', transaction })).toEqual({
      succeeded: false,
      revision: 9,
      actualRevision: 0,
    });
    expect(draft.changes).toEqual([
      { revision: 8, key: 'new', after: { createRevision: 8, modRevision: 8, lease: undefined, text: '1' } },
      { revision: 9, key: 'new', after: undefined },
    ]);
    expect([...draft.entries]).toEqual([['new', undefined]]);
    expect(draft.head).toEqual({ revision: 9, oldest: 2 });
  });

  it('ends a lease with the keys that it has by then: committed and of the group', () => {
    const draft = new Draft(view);
    draft.apply(write({ put: 'plain', value: 3, lease: 'live' }, { put: 'leased', value: 1 }));
    draft.apply(write({ put: 'other', value: 3, lease: 'live' }));
    expect(draft.apply({ type: 'end', lease: 'live' })).toEqual({ succeeded: true, revision: 10 });
    const last = draft.changes.filter(({ revision }) => revision === 10);
    expect(last.map(({ key, after }) => [key, after])).toEqual([
      ['plain', undefined],
      ['other', undefined],
    ]);
    expect(draft.entries.get('leased')).toMatchObject({ modRevision: 8 });
  });

  it('is as it was after a command that it refuses', () => {
    const draft = new Draft(view);
    const bad = write({ put: 'plain', value: 1 }, { put: 'x', value: 1, lease: 'lapsed' });
    expect(() => draft.apply(bad)).toThrow(expect.objectContaining({ code: 'lease-lapsed' }));
    expect(() => draft.apply({ type: 'compact', revision: 8 })).toThrow(
      expect.objectContaining({ code: 'input-invalid' }),
    );
    expect(draft.isEmpty).toBe(true);
    expect(draft.head).toEqual(view.head);
  });

  it('has nothing to write where nothing changes', () => {
    const draft = new Draft(view);
    expect(draft.apply(write({ delete: 'absent' }))).toEqual({ succeeded: true, revision: 7 });
    draft.apply({ type: 'compact', revision: 1 });
    expect(draft.isEmpty).toBe(true);
  });

  it('ties keys to a lease of its own group, and to none that ended in it', () => {
    const draft = new Draft(view);
    draft.apply({ type: 'grant', lease: 'new', ttlMs: 1 });
    expect(draft.apply(write({ put: 'a', value: 1, lease: 'new' })).revision).toBe(8);
    draft.apply({ type: 'end', lease: 'new' });
    expect(() => draft.apply(write({ put: 'a', value: 1, lease: 'new' }))).toThrow('lease');
  });

  it('forgets history by count and by request, and never takes that back', () => {
    const draft = new Draft(view);
    draft.keepRevisions(4);
    expect(draft.head.oldest).toBe(4);
    draft.keepRevisions(6);
    draft.apply({ type: 'compact', revision: 3 });
    expect(draft.head.oldest).toBe(4);
    draft.apply({ type: 'compact', revision: 7 });
    expect(draft.head.oldest).toBe(7);
  });
});
