import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlgorithmOrder } from '../../src/systems/exchange/runs/index.js';
import { type HostileParty, openHostileParty } from './hostile-party.js';
import { averageOf, type Person, people } from './population.js';

let party: HostileParty;
beforeAll(async () => {
  party = await openHostileParty();
});
afterAll(() => party.close());

const from = 'FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND p.Peildat = a.Peildat';
const query = `SELECT p.Unieknr, Geslacht, Nationaliteit, HOOPgeb, Salschal, Toeslag ${from}`;
const overall = { groupBy: [] };
const bySex: Partial<AlgorithmOrder> = { groupBy: ['Personen.Geslacht'] };
const byCountry: Partial<AlgorithmOrder> = { groupBy: ['Personen.Nationaliteit'] };

/** One question, as words after WHERE or as a whole, and how its answer is divided. */
type Question = readonly [sql: string, algorithm?: Partial<AlgorithmOrder>];

const sqlOf = (sql: string) => (/^\s*(SELECT|WITH|FROM)/i.test(sql) ? sql : `${query} WHERE ${sql}`);
const ask = (who: string, [sql, algorithm = overall]: Question) => party.asks(who, sqlOf(sql), algorithm);
const everybody = () => true;
const refused = { code: 'release-refused' };

/** Asks what is harmless, then what would tell of few, and then its harmless neighbour, as one requester of that name. */
async function attack(who: string, before: readonly Question[], few: Question, neighbour: Question) {
  for (const question of before) {
    const answer = await ask(who, question);
    expect('rows' in answer && answer.rows.length).toBeGreaterThan(0);
  }
  expect(await ask(who, few)).toMatchObject(refused);
  return ask(who, neighbour);
}

const tenLess = (person: Person) => person.born <= 19400150;
const all: Question = [query];

describe('everybody, and then everybody but a few, is refused where they are left out', () => {
  const others = people.filter(({ unit }) => unit !== 7).map(({ born }) => born);
  it.each([
    ['by inequality', 'Gebdat <> 19400107'],
    ['by NOT', 'NOT (Gebdat = 19400107)'],
    ['by NOT IN', 'Gebdat NOT IN (19400107, 19990101)'],
    ['by two ranges', 'Gebdat < 19400107 OR Gebdat > 19400107'],
    ['by NOT BETWEEN', 'Gebdat NOT BETWEEN 19400107 AND 19400107'],
    ['by a list of all others', `Gebdat IN (${others.join(', ')})`],
    ['by NOT LIKE on a text', "Gebdat::VARCHAR NOT LIKE '%07'"],
    ['by a part of a text', "left(Gebdat::VARCHAR, 7) <> '1940016'"],
    ['by a condition that always holds beside it', "Gebdat <> 19400107 AND Nationaliteit IN ('NL', 'BE')"],
    ['by a condition that never holds beside it', "Gebdat <> 19400107 OR Nationaliteit = 'SR'"],
    ['at the lower end', 'Gebdat > 19400101'],
    ['at the upper end', 'Gebdat <= 19400159'],
    ['as many as the minimum less one', 'Gebdat <= 19400151'],
    ['on one of two dates', 'NOT (Gebdat = 19400107 AND p.Peildat = 20210101)'],
    [
      'in a join',
      `SELECT p.Unieknr, Salschal FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND p.Peildat = a.Peildat AND p.Gebdat <> 19400107`,
    ],
    [
      'in a common table',
      'WITH x AS (SELECT Unieknr, Peildat FROM Personen WHERE Gebdat <> 19400107) SELECT x.Unieknr, Salschal FROM x JOIN Aanstellingen USING (Unieknr, Peildat)',
    ],
    [
      'in a sub-select',
      'SELECT x.Unieknr, Salschal FROM (SELECT Unieknr, Peildat FROM Personen WHERE Gebdat <> 19400107) x JOIN Aanstellingen USING (Unieknr, Peildat)',
    ],
    [
      'where persons are counted by the other table',
      `SELECT a.Unieknr, Salschal ${from} WHERE Gebdat <> 19400107`,
    ],
    [
      'in a comma join',
      'SELECT p.Unieknr, Salschal FROM Personen p, Aanstellingen a WHERE p.Unieknr = a.Unieknr AND p.Peildat = a.Peildat AND Gebdat <> 19400107',
    ],
    [
      'beside a table of codes',
      `SELECT p.Unieknr, Salschal ${from} JOIN Landen USING (Nationaliteit) WHERE Gebdat <> 19400107`,
    ],
    [
      'in a RIGHT JOIN',
      'SELECT p.Unieknr, Salschal FROM Aanstellingen a RIGHT JOIN Personen p USING (Unieknr, Peildat) WHERE Gebdat <> 19400107',
    ],
  ])('%s', async (name, few) => {
    const answer = await attack(`few ${name}`, [all], [few], ['Gebdat <= 19400150']);
    expect(answer).toEqual({ rows: [averageOf(tenLess)], withheld: 0 });
  });

  it('is refused the other way round, too', async () => {
    const before: Question = ['Gebdat <> 19400107'];
    const answer = await attack('first without', [before], all, ['Gebdat <= 19400149']);
    expect(answer).toEqual({ rows: [averageOf(({ unit }) => unit < 50)], withheld: 0 });
  });

  it('is refused where one is put in the place of another', async () => {
    const before: Question = ['Gebdat <= 19400130'];
    const few: Question = ['Gebdat <= 19400129 OR Gebdat = 19400131'];
    const answer = await attack('in place', [before], few, ['Gebdat <= 19400140']);
    expect(answer).toEqual({ rows: [averageOf(({ unit }) => unit <= 40)], withheld: 0 });
  });

  it('is answered to another requester, who has only one of the two', async () => {
    expect(await ask('one of two', all)).toEqual({ rows: [averageOf(everybody)], withheld: 0 });
    expect(await ask('two of two', ['Gebdat <> 19400107'])).toEqual({
      rows: [averageOf(({ unit }) => unit !== 7)],
      withheld: 0,
    });
  });
});

describe('the same question in other words is answered, and refused with one person less', () => {
  it.each([
    [
      'other case',
      'select P.UNIEKNR, SALSCHAL from PERSONEN p join AANSTELLINGEN a using (UNIEKNR, PEILDAT)',
    ],
    [
      'other names',
      'SELECT x.Unieknr AS wie, y.Salschal AS wat FROM Personen x JOIN Aanstellingen y USING (Unieknr, Peildat)',
    ],
    ['blanks', 'SELECT   p.Unieknr,\n\tSalschal\nFROM Personen p JOIN Aanstellingen USING (Unieknr,Peildat)'],
    [
      'a comment',
      'SELECT p.Unieknr, /* wie */ Salschal FROM Personen p JOIN Aanstellingen USING (Unieknr, Peildat)',
    ],
    ['an order', 'SELECT Salschal, p.Unieknr FROM Personen p JOIN Aanstellingen USING (Unieknr, Peildat)'],
    [
      'tables exchanged',
      'SELECT Salschal, p.Unieknr FROM Aanstellingen a JOIN Personen p USING (Unieknr, Peildat)',
    ],
  ])('%s', async (name, words) => {
    const who = `words ${name}`;
    const figure = { rows: [averageOf(everybody)], withheld: 0 };
    expect(await ask(who, all)).toEqual(figure);
    expect(await ask(who, [words])).toEqual(figure);
    expect(await ask(who, [`${words} WHERE Gebdat <> 19400107`])).toMatchObject(refused);
  });
});

describe('parts and totals of several requests', () => {
  it('a total is refused after parts that leave four persons out', async () => {
    const answer = await attack('parts, total', [[query, bySex]], all, ['Gebdat <= 19400130', bySex]);
    expect(answer).toEqual({
      rows: ['M', 'V'].map((sex) => ({
        Geslacht: sex,
        ...averageOf((person) => person.sex === sex && person.unit <= 30),
      })),
      withheld: 1,
    });
  });

  it('parts are refused after a total that has four persons more', async () => {
    const answer = await attack('total, parts', [all], [query, bySex], [query, byCountry]);
    expect(answer).toMatchObject({ rows: [{ Nationaliteit: 'BE' }, { Nationaliteit: 'NL', rows: 80 }] });
  });

  it('a total is answered after parts that are all of it', async () => {
    expect(await ask('whole parts', [query, byCountry])).toMatchObject({ withheld: 0 });
    expect(await ask('whole parts', all)).toEqual({ rows: [averageOf(everybody)], withheld: 0 });
  });

  it('a row of a two-way table is refused where one of its cells was withheld', async () => {
    const twoWays = { groupBy: ['Personen.Geslacht', 'Personen.Nationaliteit'] };
    const answer = await attack('two ways', [[query, twoWays]], [query, bySex], [query, byCountry]);
    expect(answer).toMatchObject({
      rows: [
        { Nationaliteit: 'BE', rows: 40 },
        { Nationaliteit: 'NL', rows: 80 },
      ],
    });
  });

  it('a part is refused where the total and the other part are known, and it lacks one', async () => {
    const before: Question[] = [all, ['Gebdat <= 19400130']];
    const answer = await attack('total, part', before, ['Gebdat > 19400131'], ['Gebdat > 19400130']);
    expect(answer).toEqual({ rows: [averageOf(({ unit }) => unit > 30)], withheld: 0 });
  });

  it('a union of two earlier answers is refused where it lacks one', async () => {
    const before: Question[] = [['Gebdat <= 19400120'], ['Gebdat BETWEEN 19400121 AND 19400145']];
    const answer = await attack(
      'union',
      before,
      ['Gebdat BETWEEN 19400102 AND 19400145'],
      ['Gebdat <= 19400145'],
    );
    expect(answer).toEqual({ rows: [averageOf(({ unit }) => unit <= 45)], withheld: 0 });
  });

  it('an overlap of two earlier answers is refused where it lacks one', async () => {
    const before: Question[] = [['Gebdat <= 19400140'], ['Gebdat <= 19400120']];
    const answer = await attack(
      'overlap',
      before,
      ['Gebdat BETWEEN 19400122 AND 19400140'],
      ['Gebdat BETWEEN 19400121 AND 19400140'],
    );
    expect(answer).toEqual({ rows: [averageOf(({ unit }) => unit > 20 && unit <= 40)], withheld: 0 });
  });

  it('a total and its parts that lack one are refused, asked in one request', async () => {
    const before: Question[] = [[query, byCountry]];
    const few: Question = ['Gebdat <> 19400109', byCountry];
    const answer = await attack('parts lack one', before, few, ['Gebdat <= 19400130', byCountry]);
    expect(answer).toMatchObject({
      rows: [
        { Nationaliteit: 'BE', rows: 20 },
        { Nationaliteit: 'NL', rows: 40 },
      ],
    });
  });

  it('a group that is put together from two of an answer is refused where it has one more', async () => {
    const kinds: Partial<AlgorithmOrder> = { groupBy: ['Aanstellingen.HOOPgeb'] };
    const before: Question[] = [['Gebdat <= 19400159', kinds]];
    const answer = await attack('put together', before, all, ['Gebdat <= 19400159']);
    expect(answer).toEqual({ rows: [averageOf(({ unit }) => unit <= 59)], withheld: 0 });
  });

  it('a group is refused that other columns single out but for one', async () => {
    const kinds: Partial<AlgorithmOrder> = { groupBy: ['Aanstellingen.HOOPgeb'] };
    const born = (keep: (person: Person) => boolean) =>
      `Gebdat IN (${people.filter(keep).map(({ born: day }) => day)})`;
    const few = born(({ kind, unit }) => kind === 'HO' || unit === 7);
    const answer = await attack('correlated', [[query, kinds]], [few], [born(({ kind }) => kind === 'HO')]);
    expect(answer).toEqual({ rows: [averageOf(({ kind }) => kind === 'HO')], withheld: 0 });
  });
});

describe('bars of histograms', () => {
  const bars = (width: number, origin: number): Partial<AlgorithmOrder> => ({
    name: 'histogram',
    groupBy: [],
    bins: { width, origin },
  });

  it('are refused where another place of the bins takes one person in', async () => {
    const answer = await attack('shifted', [[query, bars(1, 0)]], [query, bars(775, 3)], [query, bars(2, 0)]);
    expect(answer).toMatchObject({
      rows: [
        { from: 0, to: 2, count: 24 },
        { from: 2, to: 4, count: 46 },
        { from: 4, to: 6, count: 48 },
      ],
      withheld: 1,
    });
  });

  it('are refused where a count of all would tell what they withheld', async () => {
    const count = { name: 'count', groupBy: [], column: 'Aanstellingen.Salschal' };
    const answer = await attack('counted', [[query, bars(1, 0)]], [query, count], [query, bars(3, 0)]);
    expect(answer).toMatchObject({
      rows: [
        { from: 0, count: 48 },
        { from: 3, count: 70 },
      ],
    });
  });

  it('give the smallest bar up where they would leave one person out of what was counted', async () => {
    const count: Partial<AlgorithmOrder> = { name: 'count', groupBy: [], column: 'Aanstellingen.Salschal' };
    expect(await ask('gives up', [query, count])).toMatchObject({ rows: [{ count: 120 }] });
    const first = await ask('gives up', [query, bars(1, 0)]);
    // person 7 is alone in the last bar, which is withheld, and one of the other five with it
    expect(first).toMatchObject({ rows: [{}, {}, {}, {}], withheld: 2 });
    const shown = 'rows' in first ? first.rows.map(({ from: bar }) => Number(bar)) : [];
    const givenUp = [1, 2, 3, 4, 5].filter((scale) => !shown.includes(scale));
    expect(givenUp).toHaveLength(1);
    expect(await ask('gives up', [query, bars(1, 0)])).toEqual(first);
    // with the bar that was given up beside those that were shown, person 7 would be what is left
    expect(await ask('gives up', ['Gebdat > 0', bars(1, 0)])).toMatchObject(refused);
    const theirs = people.filter(({ scale }) => givenUp.includes(scale)).map(({ born }) => born);
    expect(await ask('gives up', [`Gebdat IN (${theirs.join(', ')})`])).toMatchObject(refused);
    expect(await ask('gives up', [query, bars(1000, 0)])).toMatchObject({
      rows: [{ from: 0, to: 1000, count: 120 }],
      withheld: 0,
    });
  });
});

describe('other figures of the same persons', () => {
  it.each(['sum', 'variance', 'count'])(
    '%s is answered beside the average, and refused without one',
    async (name) => {
      const figure: Partial<AlgorithmOrder> = { name, groupBy: [], column: 'Aanstellingen.Salschal' };
      const answer = await attack(`figure ${name}`, [all], ['Gebdat <> 19400107', figure], [query, figure]);
      const rows = {
        sum: { sum: 1908, rows: 120 },
        variance: { mean: 15.9, rows: 120 },
        count: { count: 120 },
      }[name];
      expect(answer).toMatchObject({ rows: [rows], withheld: 0 });
    },
  );

  it('of another measure are held against its persons', async () => {
    const bonus: Partial<AlgorithmOrder> = { name: 'sum', groupBy: [], column: 'Aanstellingen.Toeslag' };
    const answer = await attack(
      'other measure',
      [[query, bonus]],
      ['Gebdat <= 19400111'],
      ['Gebdat <= 19400112'],
    );
    expect(answer).toEqual({ rows: [averageOf(({ unit }) => unit <= 12)], withheld: 0 });
  });

  it('are refused as partials for a merge, and beside such', async () => {
    const partials = { releases: 'partials' as const };
    expect(await party.asks('merged', query, overall, partials)).toEqual({
      rows: [{ group: [], rows: 120 }],
      withheld: 0,
    });
    expect(await ask('merged', ['Gebdat <> 19400107'])).toMatchObject(refused);
    expect(await party.asks('merged', `${query} WHERE Gebdat <> 19400107`, overall, partials)).toMatchObject(
      refused,
    );
    expect(await ask('merged', all)).toEqual({ rows: [averageOf(everybody)], withheld: 0 });
  });

  it('of small groups for a merge are held against one another', async () => {
    const merged = { releases: 'partials' as const, smallGroups: true as const };
    expect(await party.asks('small', query, bySex, merged)).toEqual({
      rows: [
        { group: ['M'], rows: 56 },
        { group: ['V'], rows: 56 },
        { group: ['X'], rows: 8, persons: 4 },
      ].map((row) => expect.objectContaining(row)),
      withheld: 1,
    });
    expect(await party.asks('small', `${query} WHERE Gebdat <> 19400115`, bySex, merged)).toMatchObject(
      refused,
    );
    expect(await party.asks('small', query, bySex)).toMatchObject({
      rows: [{ rows: 56 }, { rows: 56 }],
      withheld: 1,
    });
  });
});

describe('the edges of the minimum', () => {
  const first = (count: number): Question => [`Gebdat <= ${19400100 + count}`];

  it.each([
    [9, []],
    [10, [averageOf(({ unit }) => unit <= 10)]],
    [11, [averageOf(({ unit }) => unit <= 11)]],
  ])('of %i persons by themselves', async (count, rows) => {
    expect(await ask(`edge ${count}`, first(count))).toEqual({ rows, withheld: rows.length === 0 ? 1 : 0 });
  });

  it.each([
    [20, 29, false],
    [20, 30, true],
    [20, 31, true],
    [31, 22, false],
    [31, 21, true],
    [31, 20, true],
  ])('of %i persons and then %i', async (before, after, answered) => {
    const who = `edge ${before} ${after}`;
    await ask(who, first(before));
    const answer = await ask(who, first(after));
    if (answered) expect(answer).toEqual({ rows: [averageOf(({ unit }) => unit <= after)], withheld: 0 });
    else expect(answer).toMatchObject(refused);
  });

  it('a group of nobody tells nothing, and counts for nothing', async () => {
    expect(await ask('nobody', ['Gebdat = 1'])).toEqual({ rows: [], withheld: 1 });
    expect(await ask('nobody', all)).toEqual({ rows: [averageOf(everybody)], withheld: 0 });
  });

  it('what was withheld was not released: the same persons may be asked for in another way', async () => {
    expect(await ask('withheld', ['Gebdat <= 19400109'])).toEqual({ rows: [], withheld: 1 });
    expect(await ask('withheld', ['Gebdat <= 19400110'])).toEqual({
      rows: [averageOf(({ unit }) => unit <= 10)],
      withheld: 0,
    });
  });
});

it('the hash of persons is what it was: earlier releases can be compared with those of this version', async () => {
  const fingerprint = { key: '0'.repeat(64), buckets: 256 };
  const order = party.order(query, {
    form: 'aggregates',
    minimumGroupSize: 10,
    algorithm: { name: 'average', column: 'Aanstellingen.Salschal', groupBy: [], total: false },
    fingerprint,
  });
  const { fingerprints } = await party.pool.run(order, {});
  const [figure] = fingerprints?.figures ?? [];
  expect([figure?.persons.slice(0, 64), figure?.values[0]?.slice(0, 64)]).toEqual([
    'AAAAAEhBNJRS5ffTAAAAAAAAAAAAAAAAuiW8cAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'AAAAAIjdP3lEpRuJAAAAAAAAAAAAAAAAdr9/bAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  ]);
});
