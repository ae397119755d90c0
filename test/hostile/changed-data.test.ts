import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlgorithmOrder } from '../../src/systems/exchange/runs/index.js';
import { type HostileParty, openHostileParty } from './hostile-party.js';

let party: HostileParty;
beforeAll(async () => {
  party = await openHostileParty();
});
afterAll(() => party.close());

const query =
  'SELECT p.Unieknr, Geslacht, Nationaliteit, Salschal FROM Personen p JOIN Aanstellingen a ON p.Unieknr = a.Unieknr AND p.Peildat = a.Peildat';
const overall: Partial<AlgorithmOrder> = { groupBy: [] };
const byCountry: Partial<AlgorithmOrder> = { groupBy: ['Personen.Nationaliteit'] };
const refused = { code: 'release-refused' };

/** Deletes a person, or several, from both tables. */
const without = (which: string) =>
  ['Personen', 'Aanstellingen'].map((table) => `DELETE FROM ${table} WHERE Unieknr ${which}`);

/** Gives the keys of both tables, which are BIGINT, another type. */
const keysOf = (type: string) =>
  ['Personen', 'Aanstellingen'].map((table) => `ALTER TABLE ${table} ALTER Unieknr TYPE ${type}`);

describe('the same question over later data', () => {
  it.each([
    ['one raise', ['UPDATE Aanstellingen SET Salschal = 900 WHERE Unieknr = 7']],
    [
      'one raise on one date',
      ['UPDATE Aanstellingen SET Salschal = 900 WHERE Unieknr = 7 AND Peildat = 20210101'],
    ],
    [
      'two who exchanged theirs',
      ['UPDATE Aanstellingen SET Salschal = 780 - Salschal WHERE Unieknr IN (7, 12)'],
    ],
    ['nine raises', ['UPDATE Aanstellingen SET Salschal = Salschal + 1 WHERE Unieknr < 10']],
    ['one value that is gone', ['UPDATE Aanstellingen SET Salschal = NULL WHERE Unieknr = 7']],
    ['one person who left', without('= 7')],
    ['one appointment that ended', ['DELETE FROM Aanstellingen WHERE Unieknr = 7 AND Peildat = 20210101']],
    [
      'one appointment that is there twice',
      ['INSERT INTO Aanstellingen FROM Aanstellingen WHERE Unieknr = 7 AND Peildat = 20210101'],
    ],
    [
      'one person who came',
      [
        'INSERT INTO Personen SELECT 61, Naam, Geslacht, Gebdat, Nationaliteit, Peildat FROM Personen WHERE Unieknr = 1',
        'INSERT INTO Aanstellingen SELECT 61, Peildat, Salschal, HOOPgeb, Bsn, Toeslag, Bonus, Uren FROM Aanstellingen WHERE Unieknr = 1',
      ],
    ],
    ['one person who left, and keys of a shorter type', [...without('= 7'), ...keysOf('INTEGER')]],
    [
      'one person with another key',
      ['Personen', 'Aanstellingen'].map((table) => `UPDATE ${table} SET Unieknr = 99 WHERE Unieknr = 7`),
    ],
  ])('is refused with %s', async (name, changes) => {
    expect(await party.asks(name, query, overall)).toMatchObject({ rows: [{ rows: 120 }] });
    const database = await party.imported(name.replaceAll(' ', '-'), ...changes);
    expect(await party.asks(name, query, overall, { database })).toMatchObject(refused);
    // a figure that many others are in
    const half = `${query} WHERE Gebdat BETWEEN 19400121 AND 19400145`;
    expect(await party.asks(name, half, overall, { database })).toEqual({
      rows: [{ average: 3, rows: 50 }],
      withheld: 0,
    });
  });

  it.each<[string, readonly string[], number, number]>([
    ['nothing', [], 15.9, 120],
    ['keys of a shorter type', keysOf('INTEGER'), 15.9, 120],
    ['values of a longer type', ['ALTER TABLE Aanstellingen ALTER Salschal TYPE BIGINT'], 15.9, 120],
    ['another column', ["UPDATE Personen SET Naam = 'x' WHERE Unieknr = 7"], 15.9, 120],
    ['ten raises', ['UPDATE Aanstellingen SET Salschal = Salschal + 6 WHERE Unieknr <= 10'], 16.9, 120],
    ['ten who left', without('> 50'), 18.48, 100],
  ])('is answered with %s', async (name, changes, average, rows) => {
    await party.asks(`may ${name}`, query, overall);
    const database = await party.imported(`may-${name.replaceAll(' ', '-')}`, ...changes);
    expect(await party.asks(`may ${name}`, query, overall, { database })).toEqual({
      rows: [{ average, rows }],
      withheld: 0,
    });
  });

  it.each([
    ['all keys are text', keysOf('VARCHAR')],
    ['the keys of one table are text', keysOf('VARCHAR').slice(0, 1)],
    ['values are of another kind', ['ALTER TABLE Aanstellingen ALTER Salschal TYPE DOUBLE']],
  ])('cannot be compared where %s, and so is refused with all others', async (name, changes) => {
    const single = 'SELECT Unieknr, Salschal FROM Aanstellingen';
    expect(await party.asks(name, single, overall)).toMatchObject({ rows: [{ rows: 120 }] });
    const database = await party.imported(name.replaceAll(' ', '-'), ...changes);
    const incomparable = { ...refused, message: expect.stringContaining('kept in another form') };
    for (const sql of [single, `${single} WHERE Peildat = 20210101`]) {
      expect(await party.asks(name, sql, overall, { database })).toMatchObject(incomparable);
    }
    expect(await party.asks(name, single, overall)).toMatchObject({ rows: [{ rows: 120 }] });
    expect(await party.asks(`${name}, afterwards`, single, overall, { database })).toMatchObject({
      rows: [{ average: 15.9, rows: 120 }],
    });
  });

  it('is refused where only rows that are of nobody came in', async () => {
    const single = 'SELECT Unieknr, Salschal FROM Aanstellingen';
    expect(await party.asks('nobody', single, overall)).toMatchObject({ rows: [{ rows: 120 }] });
    const database = await party.imported(
      'nobody',
      "INSERT INTO Aanstellingen VALUES (NULL, 20200101, 999, 'WO', 'x', NULL, NULL, NULL)",
    );
    expect(await party.asks('nobody', single, overall, { database })).toMatchObject(refused);
    expect(await party.asks('nobody', query, overall, { database })).toEqual({
      rows: [{ average: 15.9, rows: 120 }],
      withheld: 0,
    });
  });
});

describe('groups without a name', () => {
  it('of one person are withheld, and cannot be had by a total', async () => {
    const database = await party.imported(
      'one-null',
      'UPDATE Personen SET Nationaliteit = NULL WHERE Unieknr = 7',
    );
    expect(await party.asks('one null', query, { ...byCountry, total: true }, { database })).toEqual({
      rows: [
        { Nationaliteit: 'BE', average: 3, rows: 40 },
        { Nationaliteit: 'NL', average: 3, rows: 78 },
      ],
      withheld: 1,
    });
    expect(await party.asks('one null', query, overall, { database })).toMatchObject(refused);
    const named = `${query} WHERE Nationaliteit IS NOT NULL`;
    expect(await party.asks('one null', named, overall, { database })).toEqual({
      rows: [{ average: 3, rows: 118 }],
      withheld: 0,
    });
  });

  it('of many persons are groups like any other', async () => {
    const database = await party.imported(
      'many-null',
      'UPDATE Personen SET Nationaliteit = NULL WHERE Unieknr <= 15',
    );
    const answer = await party.asks('many null', query, { ...byCountry, total: true }, { database });
    expect(answer).toMatchObject({
      rows: [
        { Nationaliteit: 'BE', total: false, rows: 30 },
        { Nationaliteit: 'NL', total: false, rows: 60 },
        { Nationaliteit: null, total: false, rows: 30 },
        { Nationaliteit: null, total: true, rows: 120 },
      ],
      withheld: 0,
    });
    const few = `${query} WHERE Nationaliteit IS NULL AND Gebdat <> 19400107`;
    expect(await party.asks('many null', few, overall, { database })).toMatchObject(refused);
  });
});
