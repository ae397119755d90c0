import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printableText } from './printable.js';

describe('printable', () => {
  it('writes out what would steer the terminal', () => {
    expect(printableText('a\u001b[2Jb\r\u009b\u202e\tc\nd')).toBe('a\\x1b[2Jb\\x0d\\x9b\\u202e c\nd');
  });

  it('reaches every text, and leaves the rest as it is', () => {
    const value = { list: ['\u0007', 1, null, true], deep: { '\u001b': 'x' }, none: undefined };
    expect(printable(value)).toEqual({
      list: ['\\x07', 1, null, true],
      deep: { '\\x1b': 'x' },
      none: undefined,
    });
  });

  it('lets no control character through but the line feed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printableText(text).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
