import { describe, expect, it } from 'vitest';
import type { Json } from '../../kernel/state/index.js';
import { auditPage, verdictText } from './audit-page.js';

const entry = (sequence: number, type: string, data: Json) => ({
  sequence,
  at: '2026-01-31T12:00:05.000Z',
  type,
  data,
  previous: '',
  hash: '',
});

const asked = {
  user: 'ada@u.example',
  dataSet: 'wageGap',
  statement: 'SELECT 1',
  algorithm: { name: 'average', column: 'Salschal', groupBy: ['Geslacht'] },
};

describe('auditPage', () => {
  it.each([
    [{ name: 'count', groupBy: [] }, 'count'],
    [
      { name: 'correlation', columns: ['Salschal', 'Taakomv'], groupBy: [] },
      'correlation of Salschal, Taakomv',
    ],
    [
      {
        name: 'linearRegression',
        outcome: { column: 'Salschal' },
        predictors: ['Taakomv', 'Uren'],
        groupBy: ['Sex'],
      },
      'linearRegression of Salschal from Taakomv, Uren by Sex',
    ],
    [
      {
        name: 'logisticRegression',
        outcome: { column: 'Sex', equals: 'V' },
        predictors: ['Uren'],
        groupBy: [],
      },
      'logisticRegression of Sex = V from Uren',
    ],
  ])('names every measure of %j', (algorithm, text) => {
    const page = auditPage({ owner: 'VU', items: [entry(1, 'order-received', { ...asked, algorithm })] });
    expect(page.split('\n').slice(1).join(' ').replace(/\s+/g, ' ')).toContain(`asked: ${text}`);
  });

  it('tells who asked what, what was decided, and what left the house', () => {
    const page = auditPage({
      owner: 'VU',
      items: [
        entry(1, 'agreement-changed', { version: 2, agreement: 'abc', by: 'carl@vu.example' }),
        entry(2, 'order-received', asked),
        entry(3, 'released', {
          ...asked,
          to: 'ada@u.example',
          kind: 'answer',
          groups: 2,
          withheld: { groups: 1, total: false, minimumGroupSize: 10 },
          bytes: 226,
        }),
        entry(4, 'order-refused', { ...asked, reasons: ['The order was seen before.', 'It has expired.'] }),
        entry(5, 'released', {
          ...asked,
          to: 'SURF',
          kind: 'rows',
          rows: 1,
          columns: [{ name: 'Gebdat' }],
          bytes: 12,
        }),
        entry(6, 'party-enrolled', { party: 'UVA' }),
        entry(7, 'agreement-changed', {
          version: 1,
          agreement: null,
          by: 'anybody',
          takenOver: '2026-01-30',
        }),
      ],
      next: 7,
    });
    const time = '2026-01-31 12:00:05 UTC';
    expect(page.split('\n')).toEqual([
      '   time                     who            data set  what',
      `1  ${time}  -              -         agreement version 2, by carl@vu.example`,
      `2  ${time}  ada@u.example  wageGap   asked: average of Salschal by Geslacht`,
      `3  ${time}  ada@u.example  wageGap   left the house, to ada@u.example: figures over 2 groups,`,
      '                                                     1 group withheld, 226 bytes',
      `4  ${time}  ada@u.example  wageGap   refused: The order was seen before. It has expired.`,
      `5  ${time}  ada@u.example  wageGap   left the house, to SURF: 1 row of Gebdat, 12 bytes`,
      `6  ${time}  -              -         party-enrolled: party UVA`,
      `7  ${time}  -              -         agreement version 1, which allows nothing, by anybody,`,
      '                                                     taken over as it was since 2026-01-30',
      '',
      'More: --after 7',
    ]);
    expect(auditPage({ owner: 'VU', items: [] })).toBe('The audit log of VU has no entries here.');
  });
});

describe('verdictText', () => {
  it('says how far counterparties confirm the log, and that nobody does', () => {
    const verdict = { owner: 'VU', isSound: true, entries: 3, confirmedTo: 2, findings: [] };
    expect(verdictText({ ...verdict, heads: { checked: 2, ofCounterparties: 1 } })).toContain(
      'held against 1 head of counterparties, which reach to entry 2.',
    );
    expect(verdictText({ ...verdict, heads: { checked: 1, ofCounterparties: 0 } })).toContain(
      'Give --heads.',
    );
  });
});
