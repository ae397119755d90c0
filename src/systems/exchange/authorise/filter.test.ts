import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Binder, openBinder } from './bound-plan.js';
import { filterColumns } from './filter.js';
import type { Source } from './origin.js';
import { asArray } from './plan.js';

const names = ['t', 'i', 'b', 'd', 'ts', 'dec', 'x', 'e', 'bool', 's'];
const columns: readonly Source[] = names.map((column) => ({ scan: 0, table: 'T', column }));

let binder: Binder;
beforeAll(async () => {
  binder = await openBinder([
    "CREATE TABLE T(t VARCHAR, i INTEGER, b BIGINT, d DATE, ts TIMESTAMP, dec DECIMAL(9,2), x DOUBLE, e ENUM('p', 'q'), bool BOOLEAN, s SMALLINT)",
  ]);
});
afterAll(() => binder.close());

/** What the condition is found to look at: names of columns, or `undefined` where it is more than a comparison. */
async function found(condition: string): Promise<string[] | undefined> {
  const plan = await binder.plan(`SELECT 1 FROM (SELECT ${names.join(', ')} FROM T) WHERE ${condition}`);
  const conditions = asArray(plan.children[0]?.fields.expressions, 'conditions');
  const all = conditions.map((one) => filterColumns(one, columns));
  if (all.includes(undefined)) return undefined;
  return all.flatMap((one) => (one?.columns ?? []).map(({ column = '' }) => column));
}

describe('a condition that only compares', () => {
  it.each([
    ["t = 'V'", ['t']],
    ["t IN ('V', 'M') AND NOT (i = 3 OR b <> -4)", ['t', 'i', 'b']],
    ["t LIKE 'V%' AND t NOT ILIKE '%x' AND contains(t, 'y')", ['t', 't', 't']],
    ['i BETWEEN 1 AND 2.5', ['i', 'i']],
    ['i NOT IN (1, 2) AND t IS NOT NULL', ['i', 't']],
    ['b > 1e3 AND b < 9223372036854775807 AND s = 7 AND s < 100000', ['b', 'b', 's', 's']],
    ["d >= '2000-01-01' AND d < DATE '2020-02-29'", ['d', 'd']],
    ["d < TIMESTAMP '2020-02-29 12:00:00'", ['d']],
    ["ts > '2020-01-01 10:30' AND ts::DATE = '2020-01-01'", ['ts', 'ts']],
    ['dec > 2.5 AND dec = 3 AND x > 0.25 AND x = 3 AND i > 2.5', ['dec', 'dec', 'x', 'x', 'i']],
    ["e = 'p' AND bool AND bool = true", ['e', 'bool', 'bool']],
    ['i = s AND b IS DISTINCT FROM i', ['i', 's', 'b', 'i']],
    ["i::VARCHAR LIKE '2020%' AND TRY_CAST(t AS INTEGER) = 3", ['i', 't']],
    ["year(d) = 1980 AND extract(month FROM d) IN (1, 2) AND upper(t) = 'V'", ['d', 'd', 't']],
    ["left(t, 2) = 'AB' AND substring(t, 2, 1) = 'x' AND t COLLATE NOCASE = 'v'", ['t', 't', 't']],
    ["'V' = t AND 20200101 <= i AND true", ['t', 'i']],
  ])('is %s', async (condition, columnNames) => {
    expect(await found(condition)).toEqual(columnNames);
  });
});

describe('a condition that can fail, or computes', () => {
  it.each([
    // the column may not have a value
    'CAST(t AS INTEGER) = 3',
    't = 3',
    'CAST(b AS INTEGER) = 3',
    "CAST(t AS DATE) > '2000-01-01'",
    'CAST(dec AS DECIMAL(4,2)) = 1',
    // the constant has none, which is only found once a row comes to it
    "t = CAST(CAST('x' AS INTEGER) AS VARCHAR)",
    "i = CAST('99999999999' AS INTEGER)",
    "d = CAST('2020-02-30' AS DATE)",
    "d = CAST('2020-13-01' AS DATE)",
    "ts = CAST('2020-01-01 25:00' AS TIMESTAMP)",
    "bool = CAST('maybe' AS BOOLEAN)",
    'i = CAST(100000 AS SMALLINT)',
    'dec = CAST(12345 AS DECIMAL(4,2))',
    'i = CAST(1e10 AS INTEGER)',
    // computed
    'i + 1 = 2',
    'i = 1 + 1',
    'i = 1 / 0',
    "CASE WHEN t = 'V' THEN 1 ELSE 0 END = 1",
    "coalesce(t, 'x') = 'V'",
    "regexp_matches(t, '^V')",
    "substring(t, -9223372036854775808, 1) = 'V'",
    'left(t, i) = t',
    "date_part('epoch', d) > 3",
    "d < DATE '2020-01-01' + INTERVAL 1 YEAR",
    "strptime(t, '%Y') > TIMESTAMP '2020-01-01'",
    "concat(t, e) = 'Vp'",
    'i = (SELECT 3)',
  ])('is %s', async (condition) => {
    expect(await found(condition)).toBeUndefined();
  });
});

describe('an equality', () => {
  const equal = async (condition: string) => {
    const plan = await binder.plan(`SELECT 1 FROM (SELECT ${names.join(', ')} FROM T) WHERE ${condition}`);
    const [one] = asArray(plan.children[0]?.fields.expressions, 'conditions');
    return filterColumns(one, columns)?.equal?.map(({ column }) => column);
  };

  it('is one of columns where different values stay different', async () => {
    expect(await equal('i = s')).toEqual(['i', 's']);
    expect(await equal('i::DOUBLE = s::DOUBLE')).toEqual(['i', 's']);
    expect(await equal('i::VARCHAR = t')).toEqual(['i', 't']);
    expect(await equal('i = b')).toEqual(['i', 'b']);
  });

  it.each([
    'b::FLOAT = i::FLOAT',
    'b::DOUBLE = i',
    'i::FLOAT = s::FLOAT',
    'x = i',
    'lower(t) = e',
    'ts::DATE = d',
    'i <= s',
    'i = 3',
    'i = s OR true',
  ])('is not %s', async (condition) => {
    const x = condition === 'x = i' ? ['x', 'i'] : undefined;
    expect(await equal(condition)).toEqual(x);
  });
});
