import { describe, expect, it } from 'vitest';
import { delimiterByte, detectDelimiter } from './delimiter.js';

const detect = (text: string, whole = true) => detectDelimiter(Buffer.from(text), whole);

describe('detectDelimiter', () => {
  it.each([
    [',', 'a,b,c\n1,2,3\n'],
    [';', 'a;b;c\r1,5;2,5;x\r'],
    ['\t', 'a\tb\n1,2\t3\n'],
    ['|', 'a|b\r\r\n1;2|3\r\r\n'],
  ])('finds %j', (delimiter, text) => {
    expect(detect(text)).toBe(delimiter);
  });

  it('does not count delimiters and line ends inside quotes', () => {
    expect(detect('"a,b,c";d\n"1,""2"",3\n,";x\n')).toBe(';');
  });

  it('prefers what divides the records as it divides the header over what has more fields there', () => {
    expect(detect('a,b,c;d\n1;2\n3;4\n5;6\n')).toBe(';');
  });

  it('takes a comma where there is one column or nothing', () => {
    expect(detect('name\nx;y\n')).toBe(',');
    expect(detect('')).toBe(',');
  });

  it('leaves out a last record that is cut, unless it is the only one', () => {
    expect(detect('a;b,c\n1;2\n3,4;5,6', false)).toBe(';');
    expect(detect('a;b', false)).toBe(';');
  });
});

describe('delimiterByte', () => {
  it('takes one ASCII character', () => {
    expect(delimiterByte('\t', 'f.csv')).toBe(9);
    expect(delimiterByte('~', 'f.csv')).toBe(0x7e);
  });

  it.each(['', ',,', '"', '\n', '§', '\0'])('refuses %j', (delimiter) => {
    expect(() => delimiterByte(delimiter, 'f.csv')).toThrow(
      /delimiter .* declared for f\.csv cannot be used/,
    );
  });
});
