import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlgorithmOrder } from '../../src/systems/exchange/runs/index.js';
import { type HostileParty, openHostileParty } from './hostile-party.js';
import { averageOf, people } from './population.js';

let party: HostileParty;
beforeAll(async () => {
  party = await openHostileParty();
});
afterAll(() => party.close());

const from = 'FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND p.Peildat = a.Peildat';
const query = `SELECT p.Unieknr, Geslacht, HOOPgeb, Salschal, Toeslag ${from}`;
const overall = { groupBy: [] };
const scale = 'Aanstellingen.Salschal';

describe('min and max', () => {
  const extremes = { extremes: true };
  const largest: Partial<AlgorithmOrder> = { name: 'max', column: scale };

  it.each(['min', 'max'])(
    '%s is refused where the agreement lets no extremes out, and the average is not',
    async (name) => {
      const who = `extremes ${name}`;
      expect(await party.asks(who, query, { name, ...overall })).toMatchObject({
        code: 'statement-refused',
        message: `${name} gives one person's value, and extremes may not leave. Ask for an average, or a histogram.`,
      });
      expect(await party.asks(who, query, overall)).toEqual({ rows: [averageOf(() => true)], withheld: 0 });
    },
  );

  it('are given of groups that are large enough where extremes may leave', async () => {
    expect(await party.asks('allowed', query, largest, extremes)).toEqual({
      rows: [
        { Geslacht: 'M', max: 777, rows: 56 },
        { Geslacht: 'V', max: 5, rows: 56 },
      ],
      withheld: 1,
    });
    expect(await party.asks('allowed', query, { ...largest, name: 'min' }, extremes)).toMatchObject({
      rows: [{ min: 1 }, { min: 1 }],
      withheld: 1,
    });
  });

  it('are withheld of nine persons, and given of ten', async () => {
    const first = (count: number) => `${query} WHERE Gebdat <= ${19400100 + count}`;
    expect(await party.asks('nine', first(9), { ...largest, ...overall }, extremes)).toEqual({
      rows: [],
      withheld: 1,
    });
    expect(await party.asks('ten', first(10), { ...largest, ...overall }, extremes)).toEqual({
      rows: [{ max: 777, rows: 20 }],
      withheld: 0,
    });
  });

  it('are refused without the one person who has the largest', async () => {
    await party.asks('without', query, { ...largest, ...overall }, extremes);
    const less = `${query} WHERE Gebdat <> 19400107`;
    expect(await party.asks('without', less, { ...largest, ...overall }, extremes)).toMatchObject({
      code: 'release-refused',
    });
    const half = `${query} WHERE Gebdat > 19400130`;
    expect(await party.asks('without', half, { ...largest, ...overall }, extremes)).toEqual({
      rows: [{ max: 5, rows: 60 }],
      withheld: 0,
    });
  });

  it('are not had by a window, an aggregate, an order or a limit', async () => {
    for (const [attack, name] of [
      [query.replace('Salschal', 'max(Salschal) OVER () AS Salschal'), 'window functions'],
      [`SELECT p.Unieknr, max(Salschal) AS Salschal ${from} GROUP BY ALL`, 'aggregates'],
      [`${query} ORDER BY Salschal DESC LIMIT 1`, 'LIMIT'],
      [query.replace('Salschal', 'greatest(Salschal, 700) AS Salschal'), 'expression'],
    ] as const) {
      expect(await party.asks('around', attack, overall)).toMatchObject({
        code: 'statement-refused',
        refused: expect.arrayContaining([name]),
      });
    }
    expect(await party.asks('around', query, overall)).toEqual({
      rows: [averageOf(() => true)],
      withheld: 0,
    });
  });
});

describe('determinants and regressions', () => {
  it.each([
    ['squares', 'Salschal * Salschal AS Salschal'],
    ['products', 'Salschal * Toeslag AS Salschal'],
    ['powers that single out the largest', 'pow(Salschal, 20) AS Salschal'],
    ['an indicator', '(Salschal > 700)::INTEGER AS Salschal'],
    ['weights by CASE', 'CASE WHEN Gebdat = 19400107 THEN 1000 * Salschal ELSE Salschal END AS Salschal'],
    ['weights by birth', 'Salschal * (Gebdat % 2) AS Salschal'],
    ['a constant instead of others', 'if(Gebdat = 19400107, Salschal, 0) AS Salschal'],
    ['NULL instead of others', 'nullif(Salschal, 3) AS Salschal'],
    ['a regression', 'regr_slope(Salschal, Toeslag) OVER () AS Salschal'],
    ['a covariance', 'covar_pop(Salschal, Toeslag) OVER () AS Salschal'],
  ])('a query may not compute %s', async (name, expression) => {
    const answer = await party.asks(name, `SELECT p.Unieknr, ${expression} ${from}`, overall);
    expect(answer).toMatchObject({ code: 'statement-refused' });
    expect(await party.asks(name, query, overall)).toEqual({ rows: [averageOf(() => true)], withheld: 0 });
  });

  it.each([1, 2, 3, 9])('the variance of %i persons is withheld, and of ten it is given', async (count) => {
    const variance = { name: 'variance', ...overall };
    const first = (persons: number) => `${query} WHERE Gebdat > ${19400160 - persons}`;
    expect(await party.asks(`variance ${count}`, first(count), variance)).toEqual({ rows: [], withheld: 1 });
    expect(await party.asks(`variance ${count}`, first(10), variance)).toMatchObject({
      rows: [{ mean: 3, rows: 20 }],
    });
  });

  it('mean and variance of two overlapping groups cannot be taken apart for one person', async () => {
    const variance = { name: 'variance', ...overall };
    await party.asks('overlap', `${query} WHERE Gebdat <= 19400130`, variance);
    for (const few of [
      'Gebdat BETWEEN 19400102 AND 19400130',
      'Gebdat <= 19400131',
      'Gebdat BETWEEN 19400102 AND 19400131',
    ]) {
      expect(await party.asks('overlap', `${query} WHERE ${few}`, variance)).toMatchObject({
        code: 'release-refused',
      });
    }
    expect(await party.asks('overlap', `${query} WHERE Gebdat > 19400130`, variance)).toMatchObject({
      rows: [{ mean: 3, rows: 60 }],
    });
  });
});

describe('persons are counted, not rows', () => {
  it.each([
    ['two rows each', `${query} WHERE Gebdat <= 19400109`],
    ['a join with codes', `${query} JOIN Landen USING (Nationaliteit) WHERE Gebdat <= 19400109`],
    [
      'a LEFT JOIN',
      'SELECT p.Unieknr, Salschal FROM Personen p LEFT JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND p.Peildat = a.Peildat WHERE Gebdat <= 19400109',
    ],
    [
      'appointments that are joined on persons alone',
      'SELECT p.Unieknr, Salschal FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Unieknr WHERE Gebdat <= 19400109',
    ],
  ])('nine persons are too few with %s, and ten are not', async (name, nine) => {
    expect(await party.asks(name, nine, overall)).toEqual({ rows: [], withheld: 1 });
    const ten = await party.asks(name, nine.replaceAll('19400109', '19400110'), overall);
    expect(ten).toMatchObject({
      rows: [{ average: averageOf(({ unit }) => unit <= 10).average }],
      withheld: 0,
    });
  });

  it('a group of the one in a hundred who has a value is too small', async () => {
    const bonus = { name: 'count', column: 'Aanstellingen.Toeslag', groupBy: ['Aanstellingen.HOOPgeb'] };
    expect(await party.asks('values', query, bonus)).toEqual({ rows: [], withheld: 2 });
    expect(await party.asks('values', query, { ...bonus, ...overall })).toEqual({
      rows: [{ count: 24 }],
      withheld: 0,
    });
  });

  it('a cell of a two-way table is withheld by itself, and with it the total', async () => {
    const twoWays = { groupBy: ['Personen.Geslacht', 'Aanstellingen.HOOPgeb'], total: true };
    const answer = await party.asks('cells', query, twoWays);
    const cells = ['M', 'V', 'X'].flatMap((sex) => ['HO', 'WO'].map((kind) => [sex, kind] as const));
    const sizes = cells.map(
      ([sex, kind]) => people.filter((one) => one.sex === sex && one.kind === kind).length,
    );
    expect(sizes).toEqual([0, 28, 14, 14, 1, 3]);
    expect(answer).toEqual({
      rows: [
        ['M', 'WO'],
        ['V', 'HO'],
        ['V', 'WO'],
      ].map(([sex, kind]) => ({
        Geslacht: sex,
        HOOPgeb: kind,
        ...averageOf((one) => one.sex === sex && one.kind === kind),
      })),
      withheld: 2,
    });
  });
});
