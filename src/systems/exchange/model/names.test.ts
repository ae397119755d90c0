import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf, isAgreementTime, startOf } from './agreement-time.js';
import { resultColumnNames } from './default-query.js';
import { splitColumn } from './names.js';
import { nearestName } from './nearest-name.js';
import { quoteName } from './quote-name.js';

describe('nearestName', () => {
  it('finds a slip of the pen and swapped letters, and nothing far away', () => {
    expect(nearestName('agremeents', ['agreements', 'archetypes'])).toBe('agreements');
    expect(nearestName('VA', ['UVA', 'VU'])).toBe('UVA');
    expect(nearestName('completely', ['agreements'])).toBeUndefined();
  });

  it('always finds a name that is known, whatever the others are', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 30 }), fc.array(fc.string()), (name, others) => {
        const others2 = others.filter((other) => other.toLowerCase() !== name.toLowerCase());
        expect(nearestName(name, [...others2, name])).toBe(name);
      }),
    );
  });
});

describe('splitColumn', () => {
  it('splits at the first dot', () => {
    expect(splitColumn('Personen.a.b')).toEqual({ table: 'Personen', column: 'a.b' });
    expect(splitColumn('Salschal')).toEqual({ table: '', column: 'Salschal' });
  });
});

describe('quoteName', () => {
  it('leaves plain names bare and quotes keywords, blanks and quotes', () => {
    expect(['Salschal', 'Group', 'land van', 'a"b', '1a'].map(quoteName)).toEqual([
      'Salschal',
      '"Group"',
      '"land van"',
      '"a""b"',
      '"1a"',
    ]);
  });
});

describe('resultColumnNames', () => {
  it('uses the full name where two tables have the column, in any case', () => {
    expect([...resultColumnNames(['A.Id', 'B.ID', 'A.x', 'A.x'])]).toEqual([
      ['A.Id', 'A.Id'],
      ['B.ID', 'B.ID'],
      ['A.x', 'x'],
    ]);
  });
});

describe('times of an agreement', () => {
  it('count a bare date whole, in UTC', () => {
    expect(startOf('2026-06-30')).toBe(Date.UTC(2026, 5, 30));
    expect(endOf('2026-06-30')).toBe(Date.UTC(2026, 6, 1));
    expect(endOf('2026-06-30T12:00:00+02:00')).toBe(Date.UTC(2026, 5, 30, 10));
  });

  it('are ISO dates that exist, or times with a zone', () => {
    const texts = ['2026-02-29', '2028-02-29', '30-06-2026', '2026-06-30T12:00:00', '2026-06-30T12:00:00Z'];
    expect(texts.map(isAgreementTime)).toEqual([false, true, false, false, true]);
  });
});
