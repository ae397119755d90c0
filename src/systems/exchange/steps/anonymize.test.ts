import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { authorisePlan, parsePlan } from '../authorise/index.js';
import { openMadeDatabase } from '../made-database.js';
import { quoteText } from '../sql-text/index.js';
import { type AnonymizeRule, anonymized } from './anonymize.js';

const { connection, close } = await openMadeDatabase();
afterAll(close);

async function values(sql: string): Promise<unknown[]> {
  return (await connection.runAndReadAll(sql)).getRows().map(([value]) => value);
}

/** What the rule makes of values of a type, each as text; the statement is authorised as it would be in a run. */
async function changed(
  rule: AnonymizeRule,
  type: string,
  literals: readonly string[],
  key = 'k',
): Promise<unknown[]> {
  await connection.run(
    `CREATE OR REPLACE TABLE t AS SELECT CAST(x AS ${type}) AS x FROM (VALUES ${literals.map((one, i) => `(${one}, ${i})`).join(', ')}) v(x, i) ORDER BY i`,
  );
  const sql = `SELECT CAST(${anonymized('x', type, rule, key)} AS VARCHAR) FROM t`;
  const [plan] = await values(`SELECT json_serialize_plan(${quoteText(sql)})`);
  const parsed = parsePlan(String(plan));
  if ('error' in parsed) throw new Error(parsed.error.message);
  authorisePlan(parsed.plans, { t: ['x'] });
  return values(sql);
}

const sha = (text: string) => createHash('sha256').update(text).digest('hex');

describe('pseudonymize', () => {
  const rule = { method: 'pseudonymize' } as const;

  it('gives equal values equal codes that only the key can make', async () => {
    const expected = sha(`it's:outer:${sha("it's:inner:4711")}`).slice(0, 32);
    expect(await changed(rule, 'BIGINT', ['4711', '4712', '4711', 'NULL'], "it's")).toEqual([
      expected,
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expected,
      null,
    ]);
    expect(await changed(rule, 'INTEGER', ['4711'], "it's")).toEqual([expected]);
    expect(await changed(rule, 'BIGINT', ['4711'], 'other')).not.toEqual([expected]);
  });
});

describe('truncateDate', () => {
  const to = (unit: 'year' | 'month' | 'day') => ({ method: 'truncateDate', to: unit }) as const;

  it('cuts dates and times to a day', async () => {
    expect(await changed(to('year'), 'DATE', ["'1980-03-15'", 'NULL'])).toEqual(['1980-01-01', null]);
    expect(await changed(to('month'), 'TIMESTAMP', ["'1980-03-15 10:20:30'"])).toEqual(['1980-03-01']);
    expect(await changed(to('day'), 'TIMESTAMP', ["'1980-03-15 10:20:30'"])).toEqual(['1980-03-15']);
  });

  it('cuts dates that came as text or number', async () => {
    expect(await changed(to('year'), 'INTEGER', ['19800315', 'NULL'])).toEqual(['1980', null]);
    expect(
      await changed(to('month'), 'VARCHAR', ["'19800315'", "'1980-03-15'", "'1980-03-15T10:00'"]),
    ).toEqual(['198003', '1980-03', '1980-03']);
    expect(await changed(to('day'), 'VARCHAR', ["'1980-03-15T10:00'"])).toEqual(['1980-03-15']);
  });

  it('gives nothing of a text in which the day stands elsewhere', async () => {
    const texts = ["'15-03-1980'", "'15/03/1980'", "'3-15'", "'15 maart 1980'", "''"];
    expect(await changed(to('year'), 'VARCHAR', texts)).toEqual(texts.map(() => null));
    expect(await changed(to('year'), 'INTEGER', ['15031', '-9800315'])).toEqual([null, null]);
  });
});

describe('band', () => {
  it('names the band that a number lies in, from its origin on', async () => {
    const rule = { method: 'band', width: 2000 } as const;
    expect(await changed(rule, 'INTEGER', ['0', '1999', '2000', '-1', 'NULL'])).toEqual([
      '[0.0, 2000.0)',
      '[0.0, 2000.0)',
      '[2000.0, 4000.0)',
      '[-2000.0, 0.0)',
      null,
    ]);
    expect(await changed({ ...rule, width: 0.5, origin: 0.25 }, 'DECIMAL(9,2)', ['0.74', '0.75'])).toEqual([
      '[0.25, 0.75)',
      '[0.75, 1.25)',
    ]);
  });
});

describe('drop', () => {
  it('leaves nothing', () => {
    expect(anonymized('x', 'INTEGER', { method: 'drop' }, 'k')).toBeUndefined();
  });
});
