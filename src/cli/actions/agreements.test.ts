import { expect, it } from 'vitest';
import { revisionHeader } from './agreements.js';

it('revisionHeader is the condition that HTTP has for it', () => {
  expect([undefined, '0', '12'].map(revisionHeader)).toEqual([
    {},
    { 'if-none-match': '*' },
    { 'if-match': '"12"' },
  ]);
  expect(() => revisionHeader('last')).toThrow('and "last" is none.');
});
