import { describe, expect, it } from 'vitest';
import type { Role } from '../../kernel/identity/index.js';
import { type AccessRule, assertMayUse, mayUse, stewardedParties } from './access-rule.js';

const may = (rule: AccessRule, roles: readonly Role[], parameters = {}) =>
  mayUse(rule, { roles }, parameters);

describe('mayUse', () => {
  it('lets in whoever has one of the roles, and nobody else', () => {
    expect(may(['requester', 'operator'], ['operator'])).toBe(true);
    expect(may(['requester', 'operator'], ['steward:VU'])).toBe(false);
    expect(may(['requester'], [])).toBe(false);
    expect(may([], ['operator', 'requester', 'steward:VU'])).toBe(false);
    expect(may('anyone', [])).toBe(true);
  });

  it('knows of which party somebody is a steward', () => {
    expect(may(['steward'], ['steward:VU'])).toBe(true);
    expect(may(['steward of {party}'], ['steward:VU'], { party: 'VU' })).toBe(true);
    expect(may(['steward of {id}'], ['steward:UVA', 'steward:VU'], { id: 'VU' })).toBe(true);
    expect(may(['steward of {party}'], ['steward:UVA'], { party: 'VU' })).toBe(false);
    expect(may(['steward of {party}'], ['operator'], { party: 'operator' })).toBe(false);
  });

  it('knows instances of services', () => {
    expect(may(['service'], ['service:photo-worker'])).toBe(true);
    expect(may(['service'], ['operator', 'requester', 'steward:VU'])).toBe(false);
    expect(may(['requester', 'steward', 'operator'], ['service:photo-worker'])).toBe(false);
  });

  it('knows hosts by their names', () => {
    expect(may(['host {name}'], ['host:h1'], { name: 'h1' })).toBe(true);
    expect(may(['host {name}'], ['host:h1'], { name: 'h2' })).toBe(false);
    expect(may(['host {name}'], ['operator', 'service:h1', 'steward:h1'], { name: 'h1' })).toBe(false);
    expect(may(['host {name}'], ['host:undefined'], {})).toBe(false);
    expect(may(['operator'], ['host:h1'], { name: 'h1' })).toBe(false);
  });

  it.each(['vu', 'VU ', 'VU/', 'VU\0', '', '*', 'VU,UVA', '../VU', 'steward:VU', undefined])(
    'takes %j for no party that it is not',
    (party) => {
      expect(may(['steward of {party}'], ['steward:VU', 'operator'], { party })).toBe(false);
    },
  );
});

describe('assertMayUse', () => {
  it('says who may, and what the person has', () => {
    const person = { id: 'ada@university.example', roles: ['requester'] } as const;
    expect(() => assertMayUse(['steward of {party}', 'operator'], person, { party: 'VU' })).toThrow(
      expect.objectContaining({
        code: 'role-missing',
        message: expect.stringContaining(
          'for steward of VU or operator; ada@university.example has requester',
        ),
        details: { needed: ['steward of VU', 'operator'] },
      }),
    );
    expect(() => assertMayUse(['steward of {party}'], person, { party: 'VU\r\nX-Evil: 1' })).toThrowError(
      expect.objectContaining({ details: { needed: ['steward of {party}'] } }),
    );
    expect(assertMayUse(['requester'], person, {})).toBeUndefined();
  });
});

describe('stewardedParties', () => {
  it('has the party of each role of a steward', () => {
    expect(stewardedParties(['operator', 'steward:VU', 'steward:A:B'])).toEqual(['VU', 'A:B']);
  });
});
