import { describe, expect, it } from 'vitest';
import { loadConfiguration } from './load.js';

const load = (access: string) => loadConfiguration(`parties: {}\naccess:\n${access}`, 'own.yaml').access;

describe('the section access', () => {
  it('says whose tokens are believed and how they are read', () => {
    const issuer = { issuer: 'https://login.example.org/', audience: 'starling', userClaim: 'email' };
    const grants = { 'ada@u.example': ['requester'], 'carl@vu.example': ['steward:VU', 'operator'] };
    expect(load(`  issuers: [${JSON.stringify({ ...issuer, grants })}]`)).toEqual({
      issuers: [{ ...issuer, grants }],
    });
    expect(loadConfiguration('parties: {}', 'own.yaml').access).toBeUndefined();
  });

  it.each([
    ['  issuers: [{ issuer: https://a.example }]', 'own.yaml:3:13: access.issuers.0.audience: missing'],
    [
      '  issuers: [{ issuer: http://a.example, audience: a }]',
      'an issuer is an address that begins with https://',
    ],
    [
      '  issuers: [{ issuer: http://localhost.a.example, audience: a }]',
      'an issuer is an address that begins with https://',
    ],
    ['  issuers: [{ issuer: here, audience: a }]', 'an issuer is an address that begins with https://'],
    [
      '  issuers: [{ issuer: https://a.example, audience: a, grants: { ada: [king] } }]',
      'access.issuers.0.grants.ada.0: a role is requester, operator, steward:PARTY, service:NAME or host:NAME',
    ],
    ['  isuers: []', 'access.isuers: unknown field isuers (did you mean issuers?)'],
  ])('is refused with its place where it is wrong: %s', (text, message) => {
    expect(() => load(text)).toThrow(message);
  });
});
