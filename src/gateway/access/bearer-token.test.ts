import { describe, expect, it } from 'vitest';
import { bearerToken } from './bearer-token.js';

const tokenOf = (...authorization: string[]) => bearerToken({ headersDistinct: { authorization } });

describe('bearerToken', () => {
  it.each(['Bearer a.b-c_d~e+f/g==', 'bearer a.b-c_d~e+f/g==', 'BEARER   a.b-c_d~e+f/g== '])(
    'takes "%s"',
    (header) => {
      expect(tokenOf(header)).toBe('a.b-c_d~e+f/g==');
    },
  );

  it.each(['', 'Basic YWRhOmFkYQ==', 'Bearertoken', 'token', 'DPoP a.b.c'])(
    'finds none in "%s"',
    (header) => {
      expect(() => tokenOf(header)).toThrow(expect.objectContaining({ code: 'token-missing' }));
    },
  );

  it('finds none where there is no header', () => {
    expect(() => bearerToken({ headersDistinct: {} })).toThrow(
      expect.objectContaining({ code: 'token-missing' }),
    );
  });

  it.each(['Bearer', 'Bearer ', 'Bearer a b', 'Bearer a, Bearer b', 'Bearer "a"', 'Bearer a\tb', 'Bearer å'])(
    'refuses "%s"',
    (header) => {
      expect(() => tokenOf(header)).toThrow(
        expect.objectContaining({ code: 'token-invalid', details: { reason: 'malformed' } }),
      );
    },
  );

  it('refuses two headers, and a token that is far too long', () => {
    const refused = expect.objectContaining({ code: 'token-invalid' });
    expect(() => tokenOf('Bearer a', 'Bearer a')).toThrow(refused);
    expect(() => tokenOf(`Bearer ${'a'.repeat(9_000)}`)).toThrow(refused);
  });

  it('says nothing of the token', () => {
    expect(() => tokenOf('Bearer secret secret')).toThrow(expect.not.stringContaining('secret'));
  });
});
