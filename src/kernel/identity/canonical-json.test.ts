import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, contentHash } from './canonical-json.js';

describe('canonicalJson', () => {
  it('orders members by their names as text, numbers too, at every depth', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], 10: 1, 2: 2, a: null })).toBe(
      '{"10":1,"2":2,"a":null,"b":[{"c":2,"d":1}]}',
    );
  });

  it('treats what JSON cannot hold as JSON.stringify does', () => {
    expect(canonicalJson({ a: undefined, b: [undefined, Number.NaN], c: new Date(0) })).toBe(
      '{"b":[null,null],"c":"1970-01-01T00:00:00.000Z"}',
    );
    expect(canonicalJson(undefined)).toBe('null');
  });

  it('is the same text for data that crossed a wire, and reads back as what JSON says of it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const crossed: unknown = JSON.parse(JSON.stringify(value));
        expect(canonicalJson(crossed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(crossed);
      }),
    );
  });
});

describe('contentHash', () => {
  it('is the same in every process: the hash of the canonical text', () => {
    expect(contentHash({ b: 1, a: 'é' })).toBe('qlj7qEg2I77TfBsC7fzL3ZpTEjg3wgv6TLQEmZOihy4');
    expect(contentHash({ b: 1, a: 'é' })).toBe(contentHash({ a: 'é', b: 1 }));
    expect(contentHash({ a: 1 })).not.toBe(contentHash({ a: '1' }));
  });
});
