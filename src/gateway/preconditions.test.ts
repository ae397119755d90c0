import { describe, expect, it } from 'vitest';
import { entityTag, expectedRevision } from './preconditions.js';

describe('expectedRevision', () => {
  it('reads an ETag as it was given', () => {
    expect(expectedRevision({ 'if-match': entityTag(12) }, 40)).toBe(12);
    expect(expectedRevision({ 'if-match': ' 12 ' }, 40)).toBe(12);
  });

  it('is that of what is there, for If-Match: *', () => {
    expect(expectedRevision({ 'if-match': '*' }, 40)).toBe(40);
    expect(() => expectedRevision({ 'if-match': '*' }, undefined)).toThrow(
      expect.objectContaining({ code: 'revision-conflict' }),
    );
  });

  it('is 0 where there must be nothing', () => {
    expect(expectedRevision({ 'if-none-match': '*' }, 40)).toBe(0);
  });

  it('is nothing without a condition', () => {
    expect(expectedRevision({}, 40)).toBeUndefined();
  });

  it.each([
    { 'if-match': 'W/"12"' },
    { 'if-match': '"12", "13"' },
    { 'if-match': '"0"' },
    { 'if-match': '' },
    { 'if-none-match': '"12"' },
    { 'if-match': '"12"', 'if-none-match': '*' },
  ])('refuses %o', (headers) => {
    expect(() => expectedRevision(headers, 12)).toThrow(expect.objectContaining({ code: 'input-invalid' }));
  });
});
