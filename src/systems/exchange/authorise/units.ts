import { foldedName } from '../sql-text/index.js';
import { columnName, type Source } from './origin.js';
import { Partition } from './partition.js';
import type { Refusals } from './refusals.js';

/** A unit column of one scan, as a key. */
function keyOf(source: Source): string {
  return `${source.scan}\u0000${source.column ?? ''}`;
}

/**
 * The persons that a query reads: its scans, their unit columns, and which of those hold the same person in every row
 * because a join or filter says so.
 */
export class Units {
  readonly #unit: ReadonlySet<string>;
  readonly #classes = new Partition();
  readonly #names = new Map<string, string>();
  readonly #connected = new Partition();
  readonly #tables: string[] = [];

  /** @param unit the unit columns of the data set, as `Table.column`. */
  constructor(unit: readonly string[]) {
    this.#unit = new Set(unit.map(foldedName));
  }

  /** Adds a scan of a table with these columns, whether read or not, and returns its number. */
  addScan(table: string, columns: readonly string[]): number {
    const scan = this.#tables.push(table) - 1;
    this.#connected.add(String(scan));
    for (const column of columns) {
      const source = { scan, table, column };
      if (!this.#unit.has(foldedName(columnName(source)))) continue;
      this.#classes.add(keyOf(source));
      this.#names.set(keyOf(source), columnName(source));
    }
    return scan;
  }

  /** How many scans were added. */
  get scans(): number {
    return this.#tables.length;
  }

  /** Takes notice of `left = right` holding in every row; true where both are units, so that it says nothing else. */
  equate(left: Source, right: Source): boolean {
    this.#connected.unite(String(left.scan), String(right.scan));
    if (!this.#isUnit(left) || !this.#isUnit(right)) return false;
    this.#classes.unite(keyOf(left), keyOf(right));
    return true;
  }

  /**
   * The same for the equalities of one LEFT JOIN, which hold only where its right side has a row. So they make the right
   * side one with the left, and never two persons of the left side one with another.
   */
  equateOuter(pairs: readonly (readonly [left: Source, right: Source])[]): boolean[] {
    const classes = pairs.map(([left]) => this.#isUnit(left) && this.#classes.classOf(keyOf(left)));
    const scans = pairs.map(([left]) => this.#connected.classOf(String(left.scan)));
    const unitClass = classes.find((name) => name !== false);
    return pairs.map(([left, right], position) => {
      if (scans[position] !== scans[0]) return false;
      if (classes[position] === unitClass) return this.equate(left, right);
      this.#connected.unite(String(left.scan), String(right.scan));
      return false;
    });
  }

  #isUnit(source: Source): boolean {
    return this.#classes.has(keyOf(source));
  }

  /** One output position for each class of units that is among the columns. */
  positions(columns: readonly (Source | undefined)[]): number[] {
    const found = new Map<string, number>();
    columns.forEach((source, position) => {
      if (source === undefined || !this.#isUnit(source)) return;
      const name = this.#classes.classOf(keyOf(source));
      if (!found.has(name)) found.set(name, position);
    });
    return [...found.values()];
  }

  /**
   * Refuses a query in which a person could take part with more rows than the data has of that person: by rows of another
   * person beside it, by a table read twice, or by one that is not joined. Such rows can be made to outweigh all others
   * (`WHERE a.birth = … OR b.x = …` over a cross join), so that a figure over many persons is that of one.
   */
  checkWeights(columns: readonly (Source | undefined)[], refusals: Refusals): void {
    const add = (name: string, message: string) => refusals.add('release', name, message);
    const [first, ...others] = this.#classes.classes.map((name) => this.#names.get(name) ?? name);
    if (first === undefined) {
      add('unit', 'The query reads no table that holds persons, so that persons cannot be counted.');
      return;
    }
    for (const table of twice(this.#tables)) {
      add(
        table,
        `Table ${table} is read more than once. Read it once: a person counts as often as the data has it.`,
      );
    }
    for (const other of others) {
      // a table that is read twice has been told already
      if (other === first) continue;
      add(
        other,
        `Join on ${first} = ${other}: where a minimum group size holds, no row may be of two persons.`,
      );
    }
    if (others.length === 0 && this.#connected.classes.length > 1) {
      add(
        'CROSS JOIN',
        `Join every table to the others by an equality of columns: ${this.#tables.join(', ')} are not all joined.`,
      );
    }
    if (others.length === 0 && this.positions(columns).length === 0) {
      add(first, `Add ${first} to the SELECT list: persons are counted by it.`);
    }
  }
}

function twice(tables: readonly string[]): string[] {
  const folded = tables.map(foldedName);
  return [...new Set(tables.filter((_, position) => folded.indexOf(folded[position] ?? '') < position))];
}
