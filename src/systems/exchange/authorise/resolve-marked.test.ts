import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorisePlan } from './authorise.js';
import { type Binder, openBinder } from './bound-plan.js';
import { columnName } from './origin.js';

/**
 * Every cell says which column it is of (`m1.a:3`), so that running a statement shows whether its columns come from where
 * the plan was read to say.
 */
const columns = { m1: ['k', 'a', 'b', 'c'], m2: ['k', 'a', 'd', 'e'], m3: ['k', 'x', 'b'] };
const rowsOf = (table: string, names: readonly string[]) =>
  `CREATE TABLE ${table} AS SELECT ${names
    .map((name) => (name === 'k' ? 'i % 3 AS k' : `'${table}.${name}:' || i AS ${name}`))
    .join(', ')} FROM range(4) r(i)`;

let binder: Binder;
beforeAll(async () => {
  binder = await openBinder([
    ...Object.entries(columns).map(([table, names]) => rowsOf(table, names)),
    'CREATE TABLE gen(a VARCHAR, g VARCHAR AS (a || a), b VARCHAR)',
    "INSERT INTO gen VALUES ('gen.a:1', 'gen.b:1')",
    'CREATE VIEW reordered AS SELECT c, a, k FROM m1',
  ]);
});
afterAll(() => binder.close());

const statements = [
  'SELECT * FROM m1',
  'SELECT c, a, c FROM m1',
  'SELECT * EXCLUDE (b) REPLACE (b AS a) FROM m1',
  "SELECT COLUMNS('[ac]') FROM m1",
  'SELECT m2.*, m1.b FROM m1, m2',
  'SELECT * FROM m1 JOIN m2 USING (k)',
  'SELECT * FROM m1 LEFT JOIN m2 USING (k)',
  'SELECT * FROM m1 RIGHT JOIN m2 USING (k)',
  'SELECT * FROM m1 FULL JOIN m2 USING (k)',
  'SELECT a, b, d FROM m1 RIGHT JOIN m2 USING (a)',
  'SELECT a, b, d FROM m1 FULL JOIN m2 USING (a)',
  'SELECT * FROM m1 NATURAL LEFT JOIN m3',
  'SELECT * FROM m1 NATURAL FULL JOIN m3',
  'SELECT m1.a, m2.d FROM m1 RIGHT JOIN m2 ON m1.k = m2.k AND m1.b > m2.e',
  'SELECT m1.a, m2.d, m3.x FROM m1 LEFT JOIN m2 ON m1.k = m2.k AND m1.b IS NOT NULL, m3',
  'SELECT m1.a, m2.d FROM m1 JOIN m2 ON m1.k < m2.k OR m1.b = m2.d',
  'SELECT a, b FROM m1 SEMI JOIN m2 ON m1.k = m2.k',
  'SELECT m1.b, m3.x FROM m1 ANTI JOIN m2 ON m1.a = m2.a, m3',
  'SELECT c, a FROM m1 WHERE k IN (SELECT k FROM m2)',
  'SELECT m1.c, m3.b FROM m1, m3 WHERE m1.k IN (SELECT k FROM m2) AND m3.k NOT IN (SELECT k FROM m2 WHERE k > 5)',
  'SELECT a, k IN (SELECT k FROM m2), b FROM m1',
  'SELECT c FROM m1 WHERE EXISTS (SELECT 1 FROM m2 WHERE m2.k = m1.k)',
  'SELECT c, b FROM m1 WHERE k >= ALL (SELECT k FROM m2)',
  'SELECT b, (SELECT max(d) FROM m2 WHERE m2.k = m1.k), c FROM m1',
  'SELECT b, (SELECT d FROM m2 WHERE m2.k = m1.k ORDER BY e LIMIT 1), c FROM m1',
  'SELECT m1.b, s.d, m3.x FROM m1 LEFT JOIN LATERAL (SELECT d, e FROM m2 WHERE m2.k = m1.k LIMIT 1) s ON true, m3',
  'SELECT m1.b, s.*, m3.* FROM m1, LATERAL (SELECT e, d FROM m2 WHERE m2.k = m1.k ORDER BY a LIMIT 2) s, m3',
  'SELECT m1.b, s.d FROM m1, LATERAL (SELECT d FROM m2 WHERE m2.k = m1.k) s',
  'SELECT b, (SELECT max(x) FROM m3 WHERE m3.k = m1.k AND m3.b IN (SELECT b FROM m1 q WHERE q.c = m1.c AND q.k = m3.k)), a FROM m1',
  'SELECT m1.a, (SELECT (SELECT min(x) FROM m3 WHERE m3.k = m2.k AND m3.b <> m1.b) FROM m2 WHERE m2.k = m1.k LIMIT 1), m1.c FROM m1',
  'SELECT c, (WITH y AS (SELECT d FROM m2 WHERE m2.k = m1.k) SELECT max(d) FROM y), a FROM m1',
  'WITH x AS MATERIALIZED (SELECT e, d, k FROM m2) SELECT b, (SELECT max(d) FROM x WHERE x.k = m1.k) FROM m1',
  'WITH x AS (SELECT c, a, k FROM m1), y AS (SELECT k, a FROM x) SELECT y.a, x.c FROM y JOIN x ON x.k = y.k',
  'WITH x AS (WITH y AS (SELECT b FROM m1) SELECT * FROM y) SELECT * FROM x UNION ALL (WITH z AS (SELECT d FROM m2) SELECT * FROM z)',
  'WITH x AS (SELECT a FROM m1) SELECT * FROM (WITH x AS (SELECT d FROM m2) SELECT * FROM x), x',
  'WITH x(p, q) AS NOT MATERIALIZED (SELECT b, a FROM m1) SELECT one.p, two.q FROM x one, x two',
  'SELECT c, b FROM m1 UNION ALL SELECT d, e FROM m2',
  'SELECT a, b FROM m1 UNION SELECT a, b FROM m1 WHERE k = 1',
  'SELECT a FROM m1 UNION ALL BY NAME SELECT a, d FROM m2',
  'SELECT a, c FROM m1 EXCEPT SELECT d, e FROM m2',
  'SELECT a, c FROM m1 INTERSECT ALL SELECT a, c FROM m1',
  '(SELECT a FROM m1 ORDER BY b LIMIT 2) UNION ALL SELECT d FROM m2',
  'SELECT DISTINCT ON (k) c, a FROM m1 ORDER BY k, b',
  'SELECT DISTINCT c FROM m1',
  'SELECT c, b FROM m1 ORDER BY lower(a) DESC LIMIT 2 OFFSET 1',
  'SELECT c FROM m1 LIMIT (SELECT 2)',
  'SELECT c, a FROM m1 LIMIT 50%',
  'SELECT c, first(a ORDER BY b), count(*) FROM m1 GROUP BY ALL',
  'SELECT max(a) FILTER (WHERE k > 0), b FROM m1 GROUP BY b HAVING min(c) > min(a)',
  'SELECT a, b, GROUPING(a), min(c) FROM m1 GROUP BY GROUPING SETS ((a), (b), (a, b), ())',
  'SELECT upper(a), count(*), c FROM m1 GROUP BY CUBE (upper(a), c)',
  'SELECT c, row_number() OVER (PARTITION BY k ORDER BY b) r, lag(a) OVER (ORDER BY k), b FROM m1 QUALIFY r = 1',
  'SELECT max(b) OVER (PARTITION BY a ROWS BETWEEN k PRECEDING AND CURRENT ROW EXCLUDE TIES), c FROM m1',
  "SELECT a || b, CASE WHEN k = 1 THEN c ELSE b END, coalesce(NULL, a), nullif(c, 'x'), left(b, 9) FROM m1",
  "SELECT v.y, a FROM (VALUES (1, 'v'), (2, 'w')) v(x, y) JOIN m1 ON k = x",
  'SELECT y FROM m1, LATERAL (VALUES (a), (c)) v(y)',
  'FROM m1 SELECT c',
  'TABLE m1',
  "SELECT * FROM query('SELECT c, b FROM m1'), query_table('m2')",
  "SELECT * FROM query_table(['m1', 'm1'])",
  'SELECT g, b, a FROM gen',
  'SELECT * FROM reordered JOIN m2 USING (k)',
  'SELECT "C" AS a, A AS "c" FROM M1',
  'SELECT b AS a, a AS b FROM (SELECT a AS b, b AS a FROM m1)',
  'SELECT m1.a FROM m1 JOIN (m2 JOIN m3 ON m2.k = m3.k) ON m1.k = m3.k AND m1.k = m2.k',
  'SELECT * FROM m1 a JOIN m1 b ON a.k = b.k LEFT JOIN m2 ON m2.k = b.k AND a.c IS NOT NULL AND m2.e > m2.d',
];

describe('the origins of columns', () => {
  it.each(statements)('are where the cells come from: %s', async (statement) => {
    const grant = { m1: '*', m2: '*', m3: '*', gen: '*' } as const;
    const { columns: origins } = authorisePlan([await binder.plan(statement)], grant);
    const rows = await binder.rows(statement);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(origins).toHaveLength(row.length);
      for (const [position, cell] of row.entries()) {
        const origin = origins[position];
        const marks = [...String(cell).matchAll(/(m\d|gen)\.[a-z]/gi)].map(([mark]) => mark.toLowerCase());
        const named = new Set(origin?.sources.map((source) => columnName(source).toLowerCase()));
        expect(marks.filter((mark) => !named.has(mark))).toEqual([]);
        if (origin?.plain === undefined || cell === null || typeof cell !== 'string') continue;
        expect(cell).toMatch(new RegExp(`^${columnName(origin.plain)}:\\d$`, 'i'));
      }
    }
  });
});
