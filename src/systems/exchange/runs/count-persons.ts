import {
  type Aggregate,
  type AggregateStatements,
  type Cell,
  fewestPersons,
  groupKey,
  isBinned,
  type PartialRow,
  suppress,
  type Withheld,
  withSmallGroups,
} from '../steps/index.js';

type Rows = readonly (readonly unknown[])[];

/** What is read of an aggregate's rows, and how more is asked. */
export interface CountInput {
  readonly main: Rows;
  readonly aggregate: Aggregate;
  readonly minimum: number;
  /** Whether small groups are given along, with how many persons they have, for others to merge. */
  readonly smallGroups?: boolean;
  /** Groups that are held back whatever they have, by `groupKey`. */
  readonly withhold?: readonly string[];
  readonly statements: AggregateStatements;
  /** What the first proof counted; without it, `main` has a lower bound of the persons of each group along. */
  readonly proven: Rows | undefined;
  run(statement: string): Promise<Rows>;
}

/**
 * Reads the rows of an aggregate and holds back the groups with too few persons. A minimum asks only whether there are at
 * least so many, which a lower bound over all rows, or a count over the first rows, proves of most groups at little cost;
 * only where that proves too little are persons counted over all rows.
 */
export async function releasePartials(
  input: CountInput,
): Promise<{ rows: readonly PartialRow[]; withheld: Withheld }> {
  const { main, proven, aggregate, statements, run } = input;
  const minimum = fewestPersons(aggregate, input.minimum);
  const keys = aggregate.groups.length + (isBinned(aggregate) ? 1 : 0);
  const counting = aggregate.units.length > 0;
  const bound = proven === undefined && counting;
  const all = main.map((row): PartialRow => {
    const cells = row.map(toCell);
    return {
      group: cells.slice(0, keys),
      total: cells[keys] === true,
      state: aggregate.algorithm.read(cells.slice(keys + (bound ? 2 : 1))),
    };
  });
  // a group in which no row has a value is no group of the answer
  const rows = all.filter((row) => row.total || keys === 0 || row.state.rows > 0);
  if (!counting) return { rows, withheld: { groups: 0, total: false, minimumGroupSize: 1 } };
  const small = (units: ReadonlyMap<string, number>) =>
    rows.some((row) => !row.total && (units.get(groupKey(row.group)) ?? 0) < minimum);
  let units =
    proven === undefined
      ? unitsByGroup(
          main.filter((row) => row[keys] !== true),
          keys,
          keys + 1,
        )
      : unitsByGroup(proven, keys, keys);
  for (const statement of bound ? [statements.exact()] : [statements.secondProof(), statements.exact()]) {
    if (!small(units)) break;
    units = unitsByGroup(await run(statement), keys, keys);
  }
  if (aggregate.algorithm.several) {
    const varied = await leastVaried(input, keys);
    units = new Map([...units].map(([key, persons]) => [key, Math.min(persons, varied.get(key) ?? persons)]));
  }
  const withheldUnits =
    aggregate.total && small(units) ? Number((await run(statements.withheldUnits(minimum)))[0]?.[0] ?? 0) : 0;
  const release = suppress(rows, minimum, units, withheldUnits, new Set(input.withhold));
  return input.smallGroups ? withSmallGroups(rows, release, units) : release;
}

/** Of groups in which some measure hardly varies, how many persons make it vary: fewer than the minimum. */
async function leastVaried(
  { aggregate, minimum, statements, run }: CountInput,
  keys: number,
): Promise<Map<string, number>> {
  const least = new Map<string, number>();
  for (const measure of aggregate.measures.keys()) {
    for (const [key, persons] of unitsByGroup(await run(statements.varied(measure)), keys, keys)) {
      if (persons < minimum) least.set(key, Math.min(persons, least.get(key) ?? persons));
    }
  }
  return least;
}

function unitsByGroup(rows: Rows, keys: number, position: number): Map<string, number> {
  return new Map(rows.map((row) => [groupKey(row.slice(0, keys).map(toCell)), Number(row[position])]));
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
