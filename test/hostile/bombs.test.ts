import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endless, type HostileParty, hostileSizes, openHostileParty } from './hostile-party.js';

let party: HostileParty;
beforeAll(async () => {
  party = await openHostileParty();
});
afterAll(() => party.close());

const limits = {
  timeMs: 2_000,
  memoryMegabytes: hostileSizes.memoryMegabytes,
  rows: 10_000,
  resultBytes: 1_000_000,
};

async function code(query: string, timeMs = limits.timeMs): Promise<string> {
  const outcome = await party.rows(query, { limits: { ...limits, timeMs } });
  return 'rows' in outcome ? `answered ${outcome.rows.length} rows` : outcome.code;
}

const list = (count: number, word: (i: number) => string, between = ', ') =>
  Array.from({ length: count }, (_, i) => word(i)).join(between);
const nested = (query: string, times: number) =>
  `${'SELECT * FROM ('.repeat(times)}${query}${')'.repeat(times)}`;
/** Names that each read the one before twice. */
const doubling = (times: number) =>
  list(times, (i) =>
    i === 0
      ? 'x0 AS (SELECT Unieknr FROM Personen)'
      : `x${i} AS (SELECT a.Unieknr FROM x${i - 1} a JOIN x${i - 1} b USING (Unieknr))`,
  );

describe('a bomb that goes off while a statement is planned', () => {
  // each of these takes gigabytes or minutes where it is bound without caps
  it.each([
    'SELECT unnest(range(1000000000)) AS x',
    'SELECT length(unnest(range(100000000))::VARCHAR)',
    "SELECT repeat('x', 10000000000)",
    "SELECT rpad('x', 2000000000, 'y')",
    'SELECT list_reduce(range(100000000), lambda a, b: a + b)',
    'SELECT 1 FROM range(1000000000000) t(x) GROUP BY x',
  ])('does no harm: %s', async (query) => {
    expect(await code(query)).toBe('statement-refused');
  });

  it('ends its run where it is too much to bind', async () => {
    const tooMuch = /^(memory|time)-limit$/;
    expect(await code(`SELECT Geslacht FROM Personen WHERE Unieknr IN (${list(300_000, String)})`)).toMatch(
      tooMuch,
    );
    expect(await code(`SELECT count(*) FROM ${list(20, (i) => `Personen p${i}`)}`)).toMatch(tooMuch);
    expect(await code(`WITH ${doubling(40)} SELECT count(*) FROM x39`)).toMatch(tooMuch);
  });

  it('is not made of names that read one another over and over', async () => {
    const outcome = await party.figure(`WITH ${doubling(40)} SELECT Unieknr FROM x39`, {}, { limits });
    expect(outcome).toMatchObject({ code: 'statement-refused', refused: expect.arrayContaining(['joins']) });
  });
});

describe('a statement that is long or deep', () => {
  it.each([
    [`SELECT ${'('.repeat(400)}1${')'.repeat(400)} AS x`, 'answered 1 rows'],
    [`SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)} AS x`, 'statement-invalid'],
    [`SELECT ${'1+'.repeat(3_000)}1 AS x`, 'statement-invalid'],
    [`SELECT ${'NOT '.repeat(900)}true AS x`, 'answered 1 rows'],
    [nested('SELECT 1 AS x', 300), 'answered 1 rows'],
    [`SELECT ${list(2_000, (i) => `Geslacht AS g${i}`)} FROM Personen LIMIT 1`, 'answered 1 rows'],
    [`SELECT '${'x'.repeat(5_000_000)}' AS x`, 'result-too-large'],
    [`SELECT '${'\\'.repeat(3_000_000)}' AS x`, 'result-too-large'],
  ])('is answered or refused, and no more (%#)', async (query, expected) => {
    expect(await code(query, 20_000)).toBe(expected);
  });

  it('that holds the null character is not cut there', async () => {
    expect(await code('SELECT Geslacht FROM Personen LIMIT 1 \0 , Naam')).not.toMatch(/^answered/);
  });
});

describe('a bomb that goes off while a statement runs', () => {
  const five = list(5, (i) => `Personen p${i}`);

  it('is stopped at its time', async () => {
    expect(await code(endless)).toBe('time-limit');
  });

  it.each([
    `SELECT median(p0.Unieknr * p1.Unieknr + p2.Gebdat + p3.Unieknr) FROM ${five}`,
    `SELECT row_number() OVER (ORDER BY p0.Gebdat + p1.Gebdat + p2.Unieknr) FROM ${five}`,
    `SELECT DISTINCT concat(p0.Unieknr, p1.Gebdat, p2.Gebdat, p3.Gebdat) FROM ${five}`,
  ])('is stopped at its memory, or at its time before that: %s', async (query) => {
    expect(await code(query)).toMatch(/^(memory-limit|time-limit)$/);
  });

  it('is stopped where its result is too large', async () => {
    expect(await code('SELECT a.Geslacht FROM Personen a, Personen b, Personen c', 20_000)).toBe(
      'result-too-large',
    );
  });

  it('leaves the next statement as it would be', async () => {
    expect(await party.rows('SELECT count(*) AS n FROM Personen')).toEqual({ rows: [{ n: 120 }] });
  });
});
