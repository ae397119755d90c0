import { describe, expect, it } from 'vitest';
import type { Caller, Role } from '../../kernel/identity/index.js';
import { assertInsight, assertOwner, insightInto } from './insight.js';

const ada = 'ada@university.example';
const concerned = { owner: ada, parties: ['VU', 'RUG'] };
const caller = (id: string, ...roles: Role[]): Caller => ({ person: { id, roles }, token: 't' });

describe('insightInto', () => {
  it.each([
    ['the person who asked', caller(ada, 'requester'), 'all'],
    ['who asked, and operates as well', caller(ada, 'requester', 'operator'), 'all'],
    ['an operator', caller('olga@x.example', 'operator'), 'no answer'],
    ['an operator who is a steward', caller('olga@x.example', 'operator', 'steward:VU'), 'no answer'],
    ['a steward of a party that was asked', caller('v@vu.example', 'steward:VU'), { parties: ['VU'] }],
    ['a steward of two', caller('v@vu.example', 'steward:VU', 'steward:UVA'), { parties: ['VU'] }],
    ['a steward of another party', caller('u@uva.example', 'steward:UVA'), undefined],
    ['another requester', caller('bob@university.example', 'requester'), undefined],
    ['who asked, and is no requester any more', caller(ada), undefined],
    ['an id that only looks the same', caller('Ada@university.example', 'requester'), undefined],
    ['anybody in open mode', undefined, 'all'],
  ])('of %s', (_who, who, expected) => {
    expect(insightInto(concerned, who)).toEqual(expected);
  });
});

describe('assertInsight and assertOwner', () => {
  it('refuse by name', () => {
    const refused = expect.objectContaining({ code: 'not-yours' });
    expect(() => assertInsight(concerned, caller('bob@university.example', 'requester'))).toThrow(refused);
    expect(() => assertOwner(concerned, caller('olga@x.example', 'operator'))).toThrow(refused);
    expect(() => assertOwner(concerned, caller('v@vu.example', 'steward:VU'))).toThrow(refused);
    expect(assertOwner(concerned, caller(ada, 'requester'))).toBeUndefined();
    expect(assertOwner(concerned, undefined)).toBeUndefined();
  });
});
