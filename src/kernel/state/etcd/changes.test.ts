import { describe, expect, it } from 'vitest';
import { Changes } from './changes.js';
import { KeySpace } from './key-space.js';
import type { KeyValue, WatchResponse } from './messages.js';

const keys = new KeySpace('p');
const header = (revision: number) => ({ clusterId: '1', memberId: '1', revision: String(revision) });

function put(key: string, revision: number): { type: number; kv: KeyValue } {
  const modRevision = String(revision);
  const value = Buffer.from('1');
  return {
    type: 0,
    kv: { key: keys.entry(key), value, createRevision: modRevision, modRevision, lease: '0' },
  };
}

function response(more: Partial<WatchResponse>): WatchResponse {
  const rest = { created: false, canceled: false, compactRevision: '0', cancelReason: '', fragment: false };
  return { ...rest, header: header(9), events: [], ...more };
}

const changesFrom = (position: number) =>
  new Changes(
    {
      keys,
      fromEtcd: Number,
      entryOf: ({ key, modRevision }) => ({
        key: keys.keyOf(key),
        value: 1,
        createRevision: Number(modRevision),
        modRevision: Number(modRevision),
      }),
    },
    position,
  );

const keysIn = (batches: ReturnType<Changes['add']>) =>
  batches.map(({ revision, changes }) => [
    revision,
    ...changes.map((change) => (change.type === 'put' ? change.entry.key : change.key)),
  ]);

describe('Changes', () => {
  it('gives a revision only when it is whole, in key order', () => {
    const changes = changesFrom(3);
    const first = response({
      fragment: true,
      events: [put('old', 2), put('b', 3), put('a', 3), put('d', 4)],
    });
    expect(keysIn(changes.add(first))).toEqual([[3, 'a', 'b']]);
    expect(changes.position).toBe(4);
    expect(keysIn(changes.add(response({ events: [put('c', 4)] })))).toEqual([[4, 'c', 'd']]);
    expect(changes.position).toBe(5);
  });

  it('forgets a part of a revision when it starts again', () => {
    const changes = changesFrom(3);
    changes.add(response({ fragment: true, events: [put('a', 3)] }));
    changes.restart();
    expect(keysIn(changes.add(response({ events: [put('a', 3), put('b', 3)] })))).toEqual([[3, 'a', 'b']]);
  });

  it('moves on with word of progress, and not with that of a beginning', () => {
    const changes = changesFrom(3);
    changes.add(response({ created: true, header: header(20) }));
    expect(changes.position).toBe(3);
    changes.add(response({ header: header(20) }));
    expect(changes.position).toBe(21);
  });
});
