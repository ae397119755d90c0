import { describe, expect, it } from 'vitest';
import type { DataSet } from '../model/index.js';
import { wageGap } from '../scenarios/consortium.js';
import type { AnswerTable } from '../steps/index.js';
import { namedResults } from './named-results.js';

const column = 'Aanstellingen.Salschal';
const bySex = { name: 'average', column, groupBy: ['Personen.Geslacht'], total: false } as const;

const dataSet: DataSet = {
  ...wageGap,
  resultNames: [
    { algorithm: 'average', column, group: { 'Personen.Geslacht': 'M' }, name: 'men' },
    { algorithm: 'average', column, group: { 'Personen.Geslacht': 'V' }, name: 'women' },
    { algorithm: 'average', column, group: {}, name: 'all' },
    { algorithm: 'sum', column, group: { 'Personen.Geslacht': 'M' }, name: 'sum_men' },
    {
      algorithm: 'average',
      column,
      group: { 'Personen.Geslacht': 'M', 'Personen.Peildat': 2020 },
      name: 'men_2020',
    },
  ],
};

function table(rows: AnswerTable['rows']): AnswerTable {
  return { columns: [], rows, withheld: { groups: 0, total: false, minimumGroupSize: 10 } };
}

describe('named results', () => {
  it('are the figures of the groups that the data set names', () => {
    const rows = [
      { Geslacht: 'M', average: 11.5, rows: 20 },
      { Geslacht: 'V', average: 10.5, rows: 30 },
      { Geslacht: 'X', average: 9.5, rows: 12 },
    ];
    expect(namedResults(table(rows), bySex, dataSet)).toEqual({ men: 11.5, women: 10.5 });
  });

  it('lack a figure that was withheld', () => {
    expect(namedResults(table([{ Geslacht: 'V', average: 10.5, rows: 30 }]), bySex, dataSet)).toEqual({
      women: 10.5,
    });
    expect(namedResults(table([]), bySex, dataSet)).toBeUndefined();
  });

  it('keep a figure that is null', () => {
    expect(namedResults(table([{ Geslacht: 'M', average: null }]), bySex, dataSet)).toEqual({ men: null });
  });

  it('are only those of the same algorithm, column and groups', () => {
    const rows = [{ Geslacht: 'M', average: 1, sum: 5 }];
    expect(namedResults(table(rows), { ...bySex, name: 'sum' }, dataSet)).toEqual({ sum_men: 5 });
    expect(namedResults(table(rows), { ...bySex, column: 'Aanstellingen.Taakomv' }, dataSet)).toBeUndefined();
    expect(namedResults(table([{ average: 7, rows: 50 }]), { ...bySex, groupBy: [] }, dataSet)).toEqual({
      all: 7,
    });
  });

  it('find a group of several columns in any order, and a number also where the table has it as text', () => {
    const groupBy = ['Personen.Peildat', 'Personen.Geslacht'];
    const rows = [
      { Peildat: '2019', Geslacht: 'M', average: 1 },
      { Peildat: '2020', Geslacht: 'M', average: 2 },
    ];
    expect(namedResults(table(rows), { ...bySex, groupBy }, dataSet)).toEqual({ men_2020: 2 });
  });

  it('never take the total for a group', () => {
    const nulled: DataSet = {
      ...wageGap,
      resultNames: [{ algorithm: 'average', column, group: { 'Personen.Geslacht': null }, name: 'unknown' }],
    };
    const total = { Geslacht: null, total: true, average: 11 };
    expect(namedResults(table([total]), bySex, nulled)).toBeUndefined();
    const unknown = { Geslacht: null, total: false, average: 9 };
    expect(namedResults(table([total, unknown]), bySex, nulled)).toEqual({ unknown: 9 });
  });

  it('are none where the data set names none', () => {
    expect(namedResults(table([{ Geslacht: 'M', average: 1 }]), bySex, wageGap)).toBeUndefined();
  });
});
