import type { Fit } from '../model/fit.js';
import type { Algorithm } from './algorithms/algorithm.js';
import {
  algorithms,
  type Bins,
  type Cell,
  type ColumnExpression,
  isFloating,
  type PartialState,
} from './algorithms/index.js';
import type { FingerprintRule } from './fingerprint.js';
import { comparableValue, hashedTogether, hashSum, type KeyType, personHash } from './fingerprint-hash.js';
import { range, rowsOf } from './sql.js';

/** A group by which rows are divided: an expression over `c0, c1, …` and the name it has in the result. */
export interface GroupColumn {
  readonly name: string;
  readonly sql: string;
}

/** What `sql-algorithm` computes over a query, in terms of the query's columns. */
export interface Aggregate {
  readonly algorithm: Algorithm;
  /** The columns that it computes with. A row takes part where all of them have a value. */
  readonly measures: readonly ColumnExpression[];
  readonly groups: readonly GroupColumn[];
  /** Adds one row over all groups. */
  readonly total: boolean;
  readonly bins: Bins | undefined;
  /** The quantiles that are read of each group, between 0 and 1. */
  readonly quantiles?: readonly number[] | undefined;
  /** The round that is computed; absent for the first pass over the rows. */
  readonly fit?: Fit | undefined;
  /** Expressions that identify persons; empty where they need not be counted. */
  readonly units: readonly string[];
}

/** Whether each group is divided by a value of the column besides. */
export function isBinned({ algorithm, measures }: Pick<Aggregate, 'algorithm' | 'measures'>): boolean {
  return algorithm.bin !== undefined && measures.length > 0;
}

/** One group of a partial result. `group` has a value per group column, then the bin where there is one. */
export interface PartialRow {
  readonly group: readonly Cell[];
  readonly total: boolean;
  readonly state: PartialState;
  /** Persons in a group that is too small to leave by itself, and is to be merged with others of its kind. */
  readonly persons?: number;
}

/** Rows that the first proof of group sizes reads: some groups of many persons are proven by them almost for nothing. */
const firstProofRows = 4_000;
/** Rows that the second reads, where the first left a group unproven: enough for some hundreds of groups. */
const secondProofRows = 100_000;

/** The statements of one aggregate over the requester's query; each is authorised by itself before it runs. */
export class AggregateStatements {
  readonly #query: string;
  readonly #columns: number;
  readonly #aggregate: Aggregate;
  readonly #keys: readonly string[];

  constructor(query: string, columns: number, aggregate: Aggregate) {
    this.#query = query;
    this.#columns = columns;
    this.#aggregate = { ...aggregate, measures: aggregate.measures.map(finite) };
    const { algorithm, measures, bins } = this.#aggregate;
    const [column] = measures;
    const bin = algorithm.bin !== undefined && column !== undefined ? [algorithm.bin(column, bins)] : [];
    this.#keys = [...aggregate.groups.map((group) => group.sql), ...bin];
  }

  /**
   * Group values, a flag for the total row, with `boundPersons` a lower bound of the persons in the group, then the
   * algorithm's aggregates. The bound costs little over few rows; over many, `proof` costs less, and rows without a value
   * of a single column are then left to the aggregates to pass over: a filter on them would cost a join half its speed.
   * Their groups have no rows.
   */
  main(boundPersons: boolean): string {
    if (this.#aggregate.algorithm.bucket !== undefined) return this.#buckets();
    const { algorithm, measures, total, units, fit } = this.#aggregate;
    if (fit !== undefined && algorithm.select !== undefined)
      return algorithm.select(measures, `${this.#source(this.#query)}${this.#where()}`, fit);
    const flag = total && this.#keys.length > 0 ? `grouping(${this.#keys.join(', ')}) > 0` : 'false';
    const bound = boundPersons && units.length > 0 ? [least(units.map(distinctBound))] : [];
    const values = [...this.#named(), flag, ...bound, ...algorithm.aggregates(measures)];
    const where = boundPersons || measures.length > 1 ? this.#where() : '';
    return `SELECT ${values.join(', ')}\nFROM ${this.#source(this.#query)}${where}${this.#groupBy(total)}`;
  }

  /** Group values and the persons among the query's first rows: a lower bound for each group. */
  proof(): string {
    return this.#proofOver(firstProofRows);
  }

  /** The same over more rows. */
  secondProof(): string {
    return this.#proofOver(secondProofRows);
  }

  /** Group values and the exact number of persons in each. */
  exact(): string {
    return this.#countUnits(this.#query);
  }

  /** The number of persons in all groups with fewer than `minimum`, counted together. */
  withheldUnits(minimum: number): string {
    const names = range(this.#keys.length, 'k');
    const units = this.#aggregate.units;
    const rows = `SELECT ${[...this.#named(), ...units.map((unit, i) => `${unit} AS u${i}`)].join(', ')}\nFROM ${this.#source(this.#query)}${this.#where()}`;
    const groupBy = names.length === 0 ? '' : ` GROUP BY ${names.join(', ')}`;
    const counted = leastDistinct(units.map((_, i) => `u${i}`));
    const match = names.map((name) => `a.${name} IS NOT DISTINCT FROM s.${name}`).join(' AND ') || 'true';
    const total = leastDistinct(units.map((_, i) => `a.u${i}`));
    // names that no table can have, lest the query means a table by one of them
    return `WITH "every.row" AS (${rows}), "small.group" AS (SELECT ${[...names, '1 AS one'].join(', ')} FROM "every.row"${groupBy} HAVING ${counted} < ${minimum})
SELECT ${total} FROM "every.row" AS a JOIN "small.group" AS s ON ${match}`;
  }

  /**
   * Group values and the number of persons who have another value of one of the measures than any single value: so many as
   * are left of a group without those whose value is always the most common one. Where it is small, a figure over several
   * measures would tell of those few, as if the measure named them.
   */
  varied(measure: number): string {
    return this.#variedOver(this.#query, measure);
  }

  /** The same over the query's first rows: a lower bound, since more rows only show more persons to have another value. */
  variedProof(measure: number): string {
    return this.#variedOver(this.#first(secondProofRows), measure);
  }

  #variedOver(query: string, measure: number): string {
    const { measures, units } = this.#aggregate;
    const names = range(this.#keys.length, 'k');
    const value = measures[measure]?.sql;
    const rows = `SELECT ${[...this.#named(), `${units[0]} AS u`, `${value} AS m`].join(', ')}\nFROM ${this.#source(query)}${this.#where()}`;
    const persons = `SELECT ${[...names, 'CASE WHEN min(m) = max(m) THEN min(m) END AS v'].join(', ')} FROM (${rows}) WHERE u IS NOT NULL GROUP BY ${[...names, 'u'].join(', ')}`;
    const alike = `SELECT ${[...names, 'v', 'count(*) AS n'].join(', ')} FROM (${persons}) GROUP BY ${[...names, 'v'].join(', ')}`;
    const groupBy = names.length === 0 ? '' : ` GROUP BY ${names.join(', ')}`;
    return `SELECT ${[...names, 'sum(n) - coalesce(max(CASE WHEN v IS NOT NULL THEN n END), 0)'].join(', ')} FROM (${alike})${groupBy}`;
  }

  /** Group values, a bucket, and the sums of what fingerprints are made of, modulo 2³²; at most `most` rows, group by group. */
  fingerprints({ key, buckets }: FingerprintRule, keys: KeyType, most: number): string {
    const { measures, units } = this.#aggregate;
    const names = range(this.#keys.length, 'k');
    const named = [...this.#named(), `${units[0]} AS u`, `${personHash(String(units[0]), keys, key)} AS h`];
    named.push(...measures.map((measure, position) => `${comparableValue(measure)} AS m${position}`));
    const rows = `SELECT ${named.join(', ')}\nFROM ${this.#source(this.#query)}${this.#where()}`;
    const bucket = `CASE WHEN u IS NULL THEN ${buckets} ELSE CAST(h & ${buckets - 1} AS INTEGER) END AS bucket`;
    const values = hashedTogether(range(measures.length, 'm'));
    const sums = ['h', ...values.map((columns) => `hash(${['h', ...columns].join(', ')})`)].map(hashSum);
    const order = names.length === 0 ? '' : ` ORDER BY ${names.join(', ')}`;
    return `SELECT ${[...names, bucket, ...sums].join(', ')}\nFROM (${rows})\nGROUP BY ${[...names, 'bucket'].join(', ')}${order} LIMIT ${most}`;
  }

  /** Group values, no total, a bucket, its rows, and the persons who have no value in a lower one. */
  #buckets(): string {
    const { algorithm, measures, units } = this.#aggregate;
    const names = range(this.#keys.length, 'k');
    const [column] = measures;
    const bucket = column === undefined ? 'NULL' : algorithm.bucket?.(column);
    const unit = units[0] ?? 'NULL';
    const rows = `SELECT ${[...this.#named(), `${unit} AS u`, `${bucket} AS b`].join(', ')}\nFROM ${this.#source(this.#query)}${this.#where()}`;
    const counted = `SELECT ${[...names, 'u', 'b', 'count(*) AS n'].join(', ')} FROM (${rows}) GROUP BY ${[...names, 'u', 'b'].join(', ')}`;
    const lowest = `SELECT *, min(b) OVER (PARTITION BY ${[...names, 'u'].join(', ')}) AS first FROM (${counted})`;
    const persons = units.length === 0 ? 'NULL' : 'count(CASE WHEN u IS NOT NULL AND b = first THEN 1 END)';
    return `SELECT ${[...names, 'false', 'b', 'sum(n)', persons].join(', ')} FROM (${lowest}) GROUP BY ${[...names, 'b'].join(', ')} ORDER BY b`;
  }

  #proofOver(rows: number): string {
    return this.#countUnits(this.#first(rows));
  }

  #first(rows: number): string {
    return `SELECT * FROM ${rowsOf(this.#query, this.#columns)} LIMIT ${rows}`;
  }

  #countUnits(query: string): string {
    const values = [...this.#named(), leastDistinct(this.#aggregate.units)];
    return `SELECT ${values.join(', ')}\nFROM ${this.#source(query)}${this.#where()}${this.#groupBy(false)}`;
  }

  #named(): string[] {
    return this.#keys.map((key, position) => `${key} AS k${position}`);
  }

  #source(query: string): string {
    return rowsOf(query, this.#columns);
  }

  /** Rows without a value of every measure take no part, and so do not count as persons of a group either. */
  #where(): string {
    const present = this.#aggregate.measures.map(({ sql }) => `${sql} IS NOT NULL`);
    return present.length === 0 ? '' : `\nWHERE ${present.join(' AND ')}`;
  }

  #groupBy(total: boolean): string {
    if (this.#keys.length === 0) return '';
    const keys = this.#keys.join(', ');
    return total ? `\nGROUP BY GROUPING SETS ((${keys}), ())` : `\nGROUP BY ${keys}`;
  }
}

/** NaN and infinity count as no value: one of them in a column would be the answer for everybody. */
function finite(column: ColumnExpression): ColumnExpression {
  if (!isFloating(column.type)) return column;
  return { ...column, sql: `CASE WHEN isfinite(${column.sql}) THEN ${column.sql} END` };
}

/**
 * A lower bound of the distinct values of a column: how many of 64 buckets its hashes fall into. Different buckets are
 * different values, so that the bound never says too much; from some hundred values on it is 64. NULL is no value, as in
 * `count(DISTINCT …)`.
 */
function distinctBound(unit: string): string {
  const bucket = `CASE WHEN ${unit} IS NOT NULL THEN 1::UBIGINT << (hash(${unit}) & 63) END`;
  return `coalesce(bit_count(bit_or(${bucket})), 0)`;
}

function leastDistinct(units: readonly string[]): string {
  return least(units.map((unit) => `count(DISTINCT ${unit})`));
}

function least(expressions: readonly string[]): string {
  return expressions.length === 1 ? String(expressions[0]) : `least(${expressions.join(', ')})`;
}

/** The algorithm of that name; the schema of requests has checked that there is one. */
export function algorithmNamed(name: string): Algorithm {
  const algorithm = algorithms.get(name);
  if (algorithm === undefined) throw new RangeError(`No algorithm ${name}.`);
  return algorithm;
}
