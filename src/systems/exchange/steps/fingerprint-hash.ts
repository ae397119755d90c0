import type { ColumnExpression } from './algorithms/index.js';

/**
 * How the keys of persons are read: as whole numbers where all tables of a data set have such, which is several times as
 * fast; as text where any has others, so that a person is the same in each table.
 */
export type KeyType = 'whole' | 'text';

/** Types whose every value is a BIGINT. */
const wholeTypes = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER']);

/** The key type of a data set whose columns of persons' keys have these DuckDB types. */
export function keyTypeOf(types: readonly string[]): KeyType {
  return types.every((type) => wholeTypes.has(type)) ? 'whole' : 'text';
}

/**
 * A hash of a person's key, an UBIGINT. The secret goes in before and after, so that without it neither the hash nor who
 * shares a bucket can be told.
 *
 * @param key the secret, 64 hexadecimal digits.
 */
export function personHash(unit: string, keys: KeyType, key: string): string {
  const [before, after] = [secretNumber(key.slice(0, 15)), secretNumber(key.slice(15, 30))];
  const mixed =
    keys === 'whole'
      ? `xor(CAST(${unit} AS BIGINT), ${before})`
      : `xor(hash(CAST(${unit} AS VARCHAR)), CAST(${before} AS UBIGINT))`;
  return `xor(hash(${mixed}), CAST(${after} AS UBIGINT))`;
}

/** A sum of hashes modulo 2³², of their upper halves: the lower ones choose the bucket. */
export function hashSum(hash: string): string {
  return `CAST(sum(CAST(${hash} >> 32 AS BIGINT)) & 4294967295 AS UINTEGER)`;
}

/** A measure's value as it is hashed: the same whatever type of whole numbers an import gave it. */
export function comparableValue({ sql, type }: Omit<ColumnExpression, 'name'>): string {
  return wholeTypes.has(type) ? `CAST(${sql} AS BIGINT)` : sql;
}

/**
 * Which values are hashed together: those of each measure by itself, since a figure over several tells of each, and then
 * of all of them, which differ where two rows of a person change values with one another.
 */
export function hashedTogether<Measure>(measures: readonly Measure[]): (readonly Measure[])[] {
  const single = measures.map((measure) => [measure]);
  return measures.length > 1 ? [...single, measures] : single;
}

/** What `comparableValue` makes of a type; hashes of values of other types cannot be compared. */
export function comparableType(type: string): string {
  return wholeTypes.has(type) ? 'BIGINT' : type;
}

/**
 * A statement that gives one text, which is another one where this version of DuckDB, or of Starling, hashes in another
 * way, and where the secret is another one: fingerprints can be compared only where it is the same.
 */
export function hashProbe(key: string): string {
  const persons = [personHash('1', 'whole', key), personHash("'a'", 'text', key)];
  const values = [
    'CAST(1 AS BIGINT)',
    'CAST(0.5 AS DOUBLE)',
    'CAST(0.5 AS DECIMAL(18, 3))',
    "'b'",
    "DATE '2000-01-01'",
  ];
  return `SELECT CAST(hash(${[...persons, ...values].join(', ')}) AS VARCHAR)`;
}

/** 60 bits as a whole number of SQL: they fit into BIGINT and UBIGINT alike. */
function secretNumber(digits: string): string {
  return BigInt(`0x${digits}`).toString();
}
