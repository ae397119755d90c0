import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HostileParty, openHostileParty, target } from './hostile-party.js';

let party: HostileParty;
beforeAll(async () => {
  party = await openHostileParty();
});
afterAll(() => party.close());

const query =
  'SELECT p.Unieknr, Geslacht, Salschal, Toeslag FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND p.Peildat = a.Peildat';
const quantiles = (changes: object = {}) => ({
  name: 'quantiles',
  groupBy: [],
  quantiles: [0, 0.5, 1],
  ...changes,
});

it('the largest value is not told, and a value that enough persons share is', async () => {
  const outcome = await party.figure(query, quantiles());
  if (!('rows' in outcome)) throw new Error(outcome.message);
  // 12 persons have scale 1; the one with 777 is told with those of scale 5, and no bound above
  expect(outcome.rows.map(({ value }) => (value === null ? null : Math.round(Number(value))))).toEqual([
    1,
    3,
    null,
  ]);
  expect(outcome.rows.map(({ to }) => (to === null ? null : Math.round(Number(to))))).toEqual([1, 3, null]);
  expect(JSON.stringify(outcome)).not.toContain(String(target.scale));
});

it('a group of few persons has none, and one of few values none but bounds', async () => {
  expect(await party.figure(query, quantiles({ groupBy: ['Personen.Geslacht'] }))).toMatchObject({
    withheld: 1,
  });
  const allowance = await party.figure(query, quantiles({ column: 'Aanstellingen.Toeslag' }));
  if (!('rows' in allowance)) throw new Error(allowance.message);
  expect(allowance.rows.map(({ value, from, to, rows }) => [value, from, to, rows])).toEqual([
    [null, null, null, 24],
    [null, null, null, 24],
    [null, null, null, 24],
  ]);
});

it('a question that leaves one person out is refused after the whole', async () => {
  expect(await party.asks('ada', query, quantiles())).toMatchObject({ withheld: 0 });
  const without = `${query} WHERE Gebdat <> ${target.birth}`;
  expect(await party.asks('ada', without, quantiles({ quantiles: [0.9] }))).toMatchObject({
    code: 'release-refused',
  });
});
