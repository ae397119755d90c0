import { compile, type TopLevelSpec } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import type { NormalAlgorithm } from '../model/index.js';
import type { AnswerTable, Cell } from '../steps/index.js';
import { graphOf } from './graph-of.js';

const dataSet = { measures: { 'Jobs.Scale': { title: 'Salary scale' } } };
const asked = (name: string, groupBy: readonly string[]) =>
  ({ name, column: 'Jobs.Scale', groupBy, total: false }) as NormalAlgorithm;
const table = (rows: readonly Readonly<Record<string, Cell>>[], groups = 0): AnswerTable => ({
  columns: Object.keys(rows[0] ?? {}),
  rows,
  withheld: { groups, total: false, minimumGroupSize: 10 },
});
const bySex = (one: Readonly<Record<string, Cell>>, other = one) => [
  { Sex: 'M', ...one },
  { Sex: 'V', ...other },
];
const cases: readonly (readonly [string, readonly string[], AnswerTable])[] = [
  ['average', ['People.Sex'], table(bySex({ average: 11.25, rows: 90 }, { average: 10.5, rows: 80 }))],
  ['sum', [], table([{ sum: 1_234_567, rows: 90 }])],
  ['variance', ['People.Sex'], table(bySex({ variance: 9, standardDeviation: 3, mean: 11.25, rows: 90 }))],
  ['histogram', ['People.Sex'], table(bySex({ from: 0, to: 2, count: 90 }))],
  ['histogram', [], table([{ value: 'a', count: 90 }])],
  ['correlation', ['People.Sex'], table(bySex({ first: 'a', second: 'b', correlation: 0.5, rows: 90 }))],
  ['covariance', [], table([{ first: 'a', second: 'a', covariance: 0.5, rows: 90 }])],
  ['linearRegression', [], table([{ term: 'age', coefficient: 0.5, standardError: 0.1 }])],
  ['quantiles', ['People.Sex'], table(bySex({ quantile: 0.5, value: 11, rows: 90 }))],
];

describe('graphOf', () => {
  it.each(cases)('makes of %s by %j what Vega-Lite takes without a warning', (name, groupBy, figures) => {
    const graph = graphOf({ algorithm: asked(name, groupBy), table: figures, dataSet });
    const warnings: string[] = [];
    const logger = {
      level: () => logger,
      error: (...words: string[]) => warnings.push(...words) && logger,
      warn: (...words: string[]) => warnings.push(...words) && logger,
      info: () => logger,
      debug: () => logger,
    };
    const { spec } = compile(graph as unknown as TopLevelSpec, { logger: logger as never });
    expect(warnings).toEqual([]);
    expect(spec.marks?.length).toBeGreaterThan(0);
    // equal figures give an equal specification, which is plain JSON
    expect(JSON.parse(JSON.stringify(graph))).toEqual(
      graphOf({ algorithm: asked(name, groupBy), table: figures, dataSet }),
    );
  });

  it('says what it shows, and what is withheld', () => {
    const figures = table(bySex({ average: 11.25, rows: 90 }), 1);
    expect(graphOf({ algorithm: asked('average', ['People.Sex']), table: figures, dataSet })).toMatchObject({
      title: {
        text: 'Average of Salary scale by Sex',
        subtitle: '1 group of fewer than 10 persons withheld.',
      },
      data: { values: [{ group: 'M', value: 11.25, label: '11.25' }, { group: 'V' }] },
    });
  });

  it('has a bar of each group, and none of the total', () => {
    const figures = table([
      { Sex: 'M', total: false, average: 11, rows: 9 },
      { Sex: null, total: false, average: 10, rows: 9 },
      { Sex: null, total: true, average: 10.5, rows: 18 },
    ]);
    const { data } = graphOf({ algorithm: asked('average', ['People.Sex']), table: figures, dataSet });
    expect(data).toEqual({
      values: [
        { group: 'M', value: 11, label: '11' },
        { group: 'no value', value: 10, label: '10' },
      ],
    });
  });
});
