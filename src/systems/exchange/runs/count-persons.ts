import {
  type Aggregate,
  type AggregateStatements,
  type Algorithm,
  type Cell,
  fewestPersons,
  groupKey,
  isBinned,
  type PartialRow,
  type PartialState,
  type Release,
  suppress,
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
export async function releasePartials(input: CountInput): Promise<Release> {
  const { main, proven, aggregate, statements, run } = input;
  const { algorithm } = aggregate;
  const minimum = fewestPersons(aggregate, input.minimum);
  const keys = aggregate.groups.length + (isBinned(aggregate) ? 1 : 0);
  const counting = aggregate.units.length > 0;
  const bound = proven === undefined && counting;
  const all = main.map((row): PartialRow => {
    const cells = row.map(toCell);
    return {
      group: cells.slice(0, keys),
      total: cells[keys] === true,
      state: algorithm.read(cells.slice(keys + (bound ? 2 : 1)), aggregate.fit),
    };
  });
  const folded = algorithm.fold === undefined ? all : foldedByGroup(all, algorithm.fold);
  // a group in which no row has a value is no group of the answer
  const rows = folded.filter((row) => row.total || keys === 0 || row.state.rows > 0);
  if (!counting)
    return concealed({ rows, withheld: { groups: 0, total: false, minimumGroupSize: 1 } }, algorithm, 1);
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
    const varied = await leastVaried(input, keys, [...units.keys()]);
    units = new Map([...units].map(([key, persons]) => [key, Math.min(persons, varied.get(key) ?? persons)]));
  }
  const withheldUnits =
    aggregate.total && small(units) ? Number((await run(statements.withheldUnits(minimum)))[0]?.[0] ?? 0) : 0;
  const release = suppress(rows, minimum, units, withheldUnits, new Set(input.withhold));
  return concealed(input.smallGroups ? withSmallGroups(rows, release, units) : release, algorithm, minimum);
}

/** One row for each group, where its state came in parts. */
function foldedByGroup(
  rows: readonly PartialRow[],
  fold: (states: readonly PartialState[]) => PartialState,
): PartialRow[] {
  const groups = new Map<string, PartialRow[]>();
  for (const row of rows) {
    const key = groupKey(row.group);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [row]);
    else known.push(row);
  }
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [{ ...first, state: fold([first.state, ...others.map(({ state }) => state)]) }],
  );
}

/** A release of which each state says no more than may leave. */
function concealed(release: Release, algorithm: Algorithm, minimum: number): Release {
  if (algorithm.conceal === undefined) return release;
  const rows = release.rows.map((row) => ({
    ...row,
    state: algorithm.conceal?.(row.state, minimum) ?? row.state,
  }));
  return { ...release, rows };
}

/** Of groups in which some measure hardly varies, how many persons make it vary: fewer than the minimum. */
async function leastVaried(
  { aggregate, minimum, statements, run }: CountInput,
  keys: number,
  groups: readonly string[],
): Promise<Map<string, number>> {
  const least = new Map<string, number>();
  for (const measure of aggregate.measures.keys()) {
    const ask = async (statement: string) => unitsByGroup(await run(statement), keys, keys);
    const bound = await ask(statements.variedProof(measure));
    if (groups.every((key) => (bound.get(key) ?? 0) >= minimum)) continue;
    for (const [key, persons] of await ask(statements.varied(measure))) {
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
