import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Binder, openBinder, testTables } from './bound-plan.js';
import { asArray, asRecord, type PlanNode, parsePlan } from './plan.js';

let binder: Binder;
beforeAll(async () => {
  binder = await openBinder(testTables);
});
afterAll(() => binder.close());

/** Every value of a field of that name in a plan. */
function valuesOf(name: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesOf(name, item));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => [
    ...(field === name ? [inner] : []),
    ...valuesOf(name, inner),
  ]);
}

function scan(node: PlanNode): PlanNode {
  const [child] = node.children;
  return child === undefined ? node : scan(child);
}

describe('parsePlan', () => {
  it('reads operators with their children and fields', async () => {
    const plan = await binder.plan('SELECT Geslacht FROM Personen WHERE Peildat = 20200101');
    expect([plan.type, plan.children[0]?.type, plan.children[0]?.children[0]?.type]).toEqual([
      'LOGICAL_PROJECTION',
      'LOGICAL_FILTER',
      'LOGICAL_GET',
    ]);
    expect(plan.fields).not.toHaveProperty('children');
    expect(valuesOf('value', plan.children[0]?.fields)).toContain(20200101);
  });

  it('keeps the index of rowid, 2⁶⁴−1, to the last digit', async () => {
    const plan = await binder.plan('SELECT rowid, Unieknr FROM Personen');
    const indexes = asArray(scan(plan).fields.column_indexes, 'columns');
    expect(indexes.map((one) => asRecord(one, 'column').index)).toEqual(['18446744073709551615', 0]);
  });

  it.each([
    ['-9223372036854775807', '-9223372036854775807'],
    ['123456789012345', 123456789012345],
    ['0.1234567890123456789e0', 0.12345678901234568],
    ['-1.5e-20', -1.5e-20],
    ['1e400', 'Infinity'],
    ['-1e400', '-Infinity'],
    ["'1234567890123456789'", '1234567890123456789'],
    [String.raw`'a\"b 18446744073709551615 Infinity "'`, String.raw`a\"b 18446744073709551615 Infinity "`],
  ])('reads the constant %s', async (sql, value) => {
    expect(valuesOf('value', (await binder.plan(`SELECT ${sql} AS x`)).fields)).toContainEqual(value);
  });

  it('reads an error with its place', () => {
    const text = '{"error":true,"error_type":"parser","error_message":"syntax error","position":"7"}';
    expect(parsePlan(text)).toEqual({ error: { kind: 'parser', message: 'syntax error', position: 7 } });
    expect(parsePlan('{"error":true}')).toEqual({
      error: { kind: 'unknown', message: 'no message', position: undefined },
    });
  });

  it.each([
    ['', 'its text is no JSON'],
    ['[]', 'answer'],
    ['{"error":false}', 'plans'],
    ['{"error":false,"plans":[{"children":[]}]}', 'an operator without a type'],
    [`{"error":false,"plans":["${'\\n'.repeat(9_000_000)}"]}`, 'its text is no JSON, or too long'],
  ])('refuses text that is no plan', (text, reason) => {
    expect(() => parsePlan(text)).toThrow(
      expect.objectContaining({ code: 'statement-refused', message: expect.stringContaining(reason) }),
    );
  });
});
