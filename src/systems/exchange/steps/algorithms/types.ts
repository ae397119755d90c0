const integers = new Set([
  ...['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT'],
  ...['UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT', 'UHUGEINT'],
]);

/** True for DuckDB's whole-number types. */
export function isInteger(type: string): boolean {
  return integers.has(type);
}

/** True where sums of the type are exact: whole numbers and decimals. */
export function isExact(type: string): boolean {
  return isInteger(type) || type.startsWith('DECIMAL');
}

const narrow = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'UTINYINT', 'USMALLINT']);

/**
 * The type in which products of whole numbers fit: the product of two 32-bit numbers fits into 64 bits, which DuckDB adds
 * up twice as fast.
 */
export function productType(columns: readonly { readonly type: string }[]): 'BIGINT' | 'HUGEINT' {
  return columns.every(({ type }) => narrow.has(type)) ? 'BIGINT' : 'HUGEINT';
}

/** True for DuckDB's floating-point types, whose values can be infinite or no number. */
export function isFloating(type: string): boolean {
  return type === 'DOUBLE' || type === 'FLOAT';
}

/** True where an algorithm can compute with values of the type. */
export function isNumeric(type: string): boolean {
  return isExact(type) || isFloating(type);
}
