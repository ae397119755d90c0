import {
  type Aggregate,
  type AggregateStatements,
  type Cell,
  groupKey,
  type PartialRow,
  suppress,
  type Withheld,
} from '../steps/index.js';

type Rows = readonly (readonly unknown[])[];

/**
 * Reads the rows of an aggregate and holds back the groups with too few persons. Persons are counted over the query's
 * first rows first, which proves most groups large at little cost; only where that proves too little are all rows
 * counted.
 */
export async function releasePartials(
  main: Rows,
  aggregate: Aggregate,
  minimum: number,
  statements: AggregateStatements,
  run: (statement: string) => Promise<Rows>,
): Promise<{ rows: readonly PartialRow[]; withheld: Withheld }> {
  const keys =
    aggregate.groups.length +
    (aggregate.algorithm.bin !== undefined && aggregate.column !== undefined ? 1 : 0);
  const rows = main.map((row): PartialRow => {
    const cells = row.map(toCell);
    return {
      group: cells.slice(0, keys),
      total: cells[keys] === true,
      state: aggregate.algorithm.read(cells.slice(keys + 1)),
    };
  });
  if (aggregate.units.length === 0)
    return { rows, withheld: { groups: 0, total: false, minimumGroupSize: 1 } };
  const isSmall = (units: ReadonlyMap<string, number>) =>
    rows.some((row) => !row.total && (units.get(groupKey(row.group)) ?? 0) < minimum);
  let units = unitsByGroup(await run(statements.proof()), keys);
  let withheldUnits = 0;
  if (isSmall(units)) {
    units = unitsByGroup(await run(statements.exact()), keys);
    if (aggregate.total && isSmall(units)) {
      withheldUnits = Number((await run(statements.withheldUnits(minimum)))[0]?.[0] ?? 0);
    }
  }
  return suppress(rows, minimum, units, withheldUnits);
}

function unitsByGroup(rows: Rows, keys: number): Map<string, number> {
  return new Map(rows.map((row) => [groupKey(row.slice(0, keys).map(toCell)), Number(row[keys])]));
}

/** A value of DuckDB's JavaScript form as plain JSON; whole numbers beyond 2⁵³ become text. */
export function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, '');
  return String(value);
}
