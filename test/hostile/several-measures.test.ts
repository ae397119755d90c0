import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostileParty, openHostileParty, target } from './hostile-party.js';

let party: HostileParty;
beforeAll(async () => {
  party = await openHostileParty();
});
afterAll(() => party.close());

const from = 'FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND p.Peildat = a.Peildat';
const query = `SELECT p.Unieknr, Geslacht, HOOPgeb, Salschal, Toeslag, Bonus, Uren ${from}`;
const salary = 'Aanstellingen.Salschal';
const allowance = 'Aanstellingen.Toeslag';
const bonus = 'Aanstellingen.Bonus';
const hours = 'Aanstellingen.Uren';
const covariance = (columns: readonly string[]) => ({
  name: 'covariance',
  column: undefined,
  columns,
  groupBy: [],
});
const regression = (outcome: string, predictors: readonly string[]) => ({
  name: 'linearRegression',
  column: undefined,
  outcome: { column: outcome },
  predictors,
  groupBy: [],
});

const logistic = (equals: string, predictors: readonly string[]) => ({
  ...regression('Personen.Geslacht', predictors),
  name: 'logisticRegression',
  outcome: { column: 'Personen.Geslacht', equals },
});

describe('a measure that only one person has', () => {
  it.each([
    ['a covariance', covariance([salary, bonus])],
    ['a correlation', { ...covariance([salary, bonus]), name: 'correlation' }],
    ['a regression', regression(salary, [bonus])],
    ['a regression of it', regression(bonus, [salary])],
    ['a logistic regression', logistic('V', [bonus])],
  ])('does not pick that person out by %s', async (_, algorithm) => {
    expect(await party.figure(query, algorithm)).toEqual({ rows: [], withheld: 1 });
    const partials = await party.figure(query, algorithm, { releases: 'partials' });
    expect(partials).toEqual({ rows: [], withheld: 1 });
  });

  it('is no outcome either, where a group stands for it', async () => {
    const few = {
      ...regression('Personen.Geslacht', [salary]),
      outcome: { column: 'Personen.Geslacht', equals: 'X' },
    };
    expect(await party.figure(query, few)).toEqual({ rows: [], withheld: 1 });
    expect(await party.figure(query, logistic('X', [salary]))).toEqual({ rows: [], withheld: 1 });
    const many = { ...few, outcome: { column: 'Personen.Geslacht', equals: 'V' } };
    expect(await party.figure(query, many)).toMatchObject({
      rows: [{ term: '(intercept)', rows: 120 }, { term: 'Salschal' }],
      withheld: 0,
    });
  });
});

describe('a figure over several measures', () => {
  it('takes only rows that have all of them, and counts persons among those', async () => {
    const pair = covariance([hours, allowance]);
    const all = await party.figure(query, pair);
    expect('rows' in all && all.rows.map(({ first, second, rows }) => [first, second, rows])).toEqual([
      ['Uren', 'Uren', 24],
      ['Uren', 'Toeslag', 24],
      ['Toeslag', 'Toeslag', 24],
    ]);
    expect(await party.figure(query, { ...pair, groupBy: ['Personen.Geslacht'] })).toEqual({
      rows: [],
      withheld: 2,
    });
  });

  it.each([
    ['an expression', query.replace('Toeslag', 'Toeslag * 1000 AS Toeslag'), ['expression']],
    [
      'a condition',
      query.replace('Toeslag', `CASE WHEN Gebdat = ${target.birth} THEN 1 END AS Toeslag`),
      ['expression'],
    ],
  ])('takes no measure that is %s', async (_, attack, names) => {
    const outcome = await party.figure(attack, covariance([salary, allowance]));
    expect(outcome).toMatchObject({ code: 'statement-refused', refused: expect.arrayContaining(names) });
  });

  it('is refused of a column that is no measure', async () => {
    const outcome = await party.figure(query, covariance([salary, 'Personen.Unieknr']));
    expect(outcome).toMatchObject({ message: expect.stringContaining('is not declared as a measure') });
  });
});

describe('questions over several measures that differ by one person', () => {
  const without = `${query} WHERE Gebdat <> ${target.birth}`;

  it('are refused, whichever of them is asked first', async () => {
    const pair = covariance([salary, hours]);
    expect(await party.asks('ada', query, pair)).toMatchObject({ withheld: 0 });
    expect(await party.asks('ada', without, pair)).toMatchObject({ code: 'release-refused' });
    expect(await party.asks('bob', without, pair)).toMatchObject({ withheld: 0 });
    expect(await party.asks('bob', query, pair)).toMatchObject({ code: 'release-refused' });
  });

  it('are refused where one measure of them was changed for one person, by every figure that tells of it', async () => {
    const raised = await party.imported(
      'raised',
      `UPDATE Aanstellingen SET Salschal = 5 WHERE Unieknr = ${target.unit}`,
    );
    const whole = { name: 'average', column: salary, groupBy: [] };
    expect(await party.asks('carol', query, whole)).toMatchObject({ withheld: 0 });
    const later = { database: raised };
    expect(await party.asks('carol', query, whole, later)).toMatchObject({ code: 'release-refused' });
    const pair = covariance([salary, hours]);
    expect(await party.asks('dave', query, pair)).toMatchObject({ withheld: 0 });
    expect(await party.asks('dave', query, pair, later)).toMatchObject({ code: 'release-refused' });
    // the covariance told the variance of each measure
    expect(await party.asks('dave', query, { ...whole, name: 'variance' }, later)).toMatchObject({
      code: 'release-refused',
    });
  });

  it('may be repeated as they were', async () => {
    const pair = regression(salary, [hours]);
    const first = await party.asks('erin', query, pair);
    expect(first).toMatchObject({ withheld: 0 });
    expect(await party.asks('erin', query, pair)).toEqual(first);
  });
});
