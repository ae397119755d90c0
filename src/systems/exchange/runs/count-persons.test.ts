import { describe, expect, it } from 'vitest';
import { type Aggregate, AggregateStatements, algorithmNamed } from '../steps/index.js';
import { releasePartials, toCell } from './count-persons.js';

const aggregate: Aggregate = {
  algorithm: algorithmNamed('count'),
  measures: [],
  groups: [{ name: 'P.g', sql: 'c0' }],
  total: true,
  bins: undefined,
  units: ['c1'],
};
const statements = new AggregateStatements('SELECT g, u FROM P', 2, aggregate);
const groups = (rows: readonly { readonly group: readonly unknown[] }[]) => rows.map((row) => row.group[0]);

/** Answers statements from a table, and keeps which were asked. */
function answering(answers: Readonly<Record<string, readonly (readonly unknown[])[]>>) {
  const asked: string[] = [];
  const names = {
    [statements.exact()]: 'exact',
    [statements.secondProof()]: 'second',
    [statements.withheldUnits(10)]: 'withheld',
  };
  const run = async (statement: string) => {
    const name = names[statement] ?? 'another';
    asked.push(name);
    return answers[name] ?? [];
  };
  return { asked, run };
}

describe('releasePartials', () => {
  const input = { aggregate, minimum: 10, statements };

  it('asks for no more where the bound that came along proves every group', async () => {
    const { asked, run } = answering({});
    const main = [
      ['M', false, 10n, 12n],
      ['V', false, 40n, 50n],
      [null, true, 60n, 62n],
    ];
    const released = await releasePartials({ ...input, main, proven: undefined, run });
    expect(asked).toEqual([]);
    expect(released.rows.map((row) => [row.group[0], row.total, row.state.rows])).toEqual([
      ['M', false, 12],
      ['V', false, 50],
      [null, true, 62],
    ]);
    expect(released.withheld).toEqual({ groups: 0, total: false, minimumGroupSize: 10 });
  });

  it('counts exactly where the bound leaves a group unproven, and holds back what is small', async () => {
    const { asked, run } = answering({
      exact: [
        ['M', 11n],
        ['V', 9n],
      ],
      withheld: [[9n]],
    });
    const main = [
      ['M', false, 9n, 12n],
      ['V', false, 8n, 50n],
      [null, true, 60n, 62n],
    ];
    const released = await releasePartials({ ...input, main, proven: undefined, run });
    expect(asked).toEqual(['exact', 'withheld']);
    expect(groups(released.rows)).toEqual(['M']);
    expect(released.withheld).toEqual({ groups: 1, total: true, minimumGroupSize: 10 });
  });

  it('goes from a first proof to a second before it counts exactly', async () => {
    const main = [
      ['M', false, 12n],
      ['V', false, 50n],
      [null, true, 62n],
    ];
    const second = answering({
      second: [
        ['M', 10n],
        ['V', 10n],
      ],
    });
    await releasePartials({ ...input, main, proven: [['M', 10n]], run: second.run });
    expect(second.asked).toEqual(['second']);
    const exact = answering({
      second: [['M', 10n]],
      exact: [
        ['M', 10n],
        ['V', 12n],
      ],
    });
    const released = await releasePartials({ ...input, main, proven: [], run: exact.run });
    expect(exact.asked).toEqual(['second', 'exact']);
    expect(groups(released.rows)).toEqual(['M', 'V', null]);
  });

  it('gives small groups along with how many persons they have, and the total, where others merge them', async () => {
    const { run } = answering({
      exact: [
        ['M', 50n],
        ['V', 4n],
      ],
      withheld: [[4n]],
    });
    const main = [
      ['M', false, 50n, 60n],
      ['V', false, 4n, 8n],
      [null, true, 54n, 68n],
    ];
    const released = await releasePartials({ ...input, main, proven: undefined, smallGroups: true, run });
    expect(released.rows.map(({ group, total, persons }) => [...group, total, persons])).toEqual([
      ['M', false, undefined],
      ['V', false, 4],
      [null, true, undefined],
    ]);
    expect(released.withheld).toEqual({ groups: 1, total: true, minimumGroupSize: 10 });
  });

  it('looks at all values of a measure only where the first do not show that enough persons vary', async () => {
    const measures = ['x', 'y'].map((name, at) => ({ name, sql: `c${at + 2}`, type: 'DOUBLE' }));
    const several = { ...aggregate, algorithm: algorithmNamed('covariance'), measures, total: false };
    const of = new AggregateStatements('SELECT g, u, x, y FROM P', 4, several);
    const answers = {
      [of.variedProof(0)]: [['M', 10n]],
      [of.variedProof(1)]: [['M', 9n]],
      [of.varied(1)]: [['M', 9n]],
    };
    const asked: string[] = [];
    const run = async (statement: string) => {
      asked.push(statement);
      return answers[statement] ?? [];
    };
    const main = [['M', false, 50n, 60n, 1, 1, 1, 1, 1]];
    const released = await releasePartials({
      aggregate: several,
      minimum: 10,
      statements: of,
      main,
      proven: undefined,
      run,
    });
    expect(asked).toEqual(Object.keys(answers));
    expect([released.rows, released.withheld.groups]).toEqual([[], 1]);
  });

  it('counts nobody where no minimum holds', async () => {
    const { asked, run } = answering({});
    const free = { ...aggregate, units: [] };
    const main = [['M', false, 1n]];
    const released = await releasePartials({ ...input, aggregate: free, main, proven: undefined, run });
    expect([asked, groups(released.rows), released.withheld.minimumGroupSize]).toEqual([[], ['M'], 1]);
  });
});

describe('toCell', () => {
  it.each([
    [null, null],
    [undefined, null],
    ['x', 'x'],
    [true, true],
    [1.5, 1.5],
    [Number.NaN, 'NaN'],
    [7n, 7],
    [9007199254740993n, '9007199254740993'],
    [new Date('2020-01-01T00:00:00Z'), '2020-01-01'],
    [new Date('2020-01-01T10:00:00Z'), '2020-01-01T10:00:00.000Z'],
  ])('makes plain JSON of %s', (value, cell) => {
    expect(toCell(value)).toBe(cell);
  });
});
