import { describe, expect, it } from 'vitest';
import { coloured } from './paint.js';
import { table } from './table.js';

describe('table', () => {
  it('puts text to the left and numbers to the right, point below point', () => {
    const rows = [
      ['M', 11.25, 1234],
      ['V', 9.5, 87],
      ['x', null, 3],
    ];
    expect(table(['group', 'average', 'rows'], rows)).toBe(
      ['group  average  rows', 'M        11.25  1234', 'V         9.50    87', 'x            -     3'].join(
        '\n',
      ),
    );
  });

  it('wraps the last column to keep to the width', () => {
    const rows = [['VU', 'one two three four five six seven eight']];
    expect(table(['', ''], rows, { width: 30, indent: 2 })).toBe(
      ['  VU  one two three four five', '      six seven eight'].join('\n'),
    );
  });

  it('keeps line feeds in the last column', () => {
    expect(table(['a', 'b'], [['x', 'one\ntwo']])).toBe('a  b\nx  one\n   two');
  });

  it('counts what is seen: not colours, and wide characters twice', () => {
    const rows = [
      [coloured('good', 'ok'), 'a'],
      ['日本', 'b'],
      ['e\u0301', 'c'],
    ];
    expect(table(['', ''], rows)).toBe('\u001b[32mok\u001b[39m    a\n日本  b\ne\u0301     c');
  });

  it('has only its headings where there are no rows', () => {
    expect(table(['a', 'bc'], [])).toBe('a  bc');
    expect(table([], [])).toBe('');
  });
});
