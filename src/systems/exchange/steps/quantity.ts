/**
 * A sum that can be added to others. Whole numbers and decimals are carried exactly, as a whole number of units of
 * 10^-scale; doubles as doubles.
 */
export type Quantity = { readonly exact: string; readonly scale: number } | { readonly double: number };

/** Reads the text that DuckDB writes for a whole number or decimal, such as `-12.50`. */
export function exactQuantity(text: string): Quantity {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) throw new RangeError(`Not a decimal number: ${text}`);
  const [, sign = '', whole = '', fraction = ''] = match;
  return { exact: String(BigInt(`${sign}${whole}${fraction}`)), scale: fraction.length };
}

/** True for a whole number with every digit. */
export function isWhole(quantity: Quantity): boolean {
  return 'exact' in quantity && quantity.scale === 0;
}

/** Exact where both are exact; the sum of two doubles otherwise. */
export function addQuantities(left: Quantity, right: Quantity): Quantity {
  if ('double' in left || 'double' in right) return { double: toNumber(left) + toNumber(right) };
  const scale = Math.max(left.scale, right.scale);
  return { exact: String(atScale(left, scale) + atScale(right, scale)), scale };
}

/** Below zero where `left` is the smaller, above where it is the larger; exact where both are. */
export function compareQuantities(left: Quantity, right: Quantity): number {
  if ('double' in left || 'double' in right) return toNumber(left) - toNumber(right);
  const scale = Math.max(left.scale, right.scale);
  const [one, other] = [atScale(left, scale), atScale(right, scale)];
  return one === other ? 0 : one < other ? -1 : 1;
}

/** The nearest double. */
export function toNumber(quantity: Quantity): number {
  if ('double' in quantity) return quantity.double;
  return divide(BigInt(quantity.exact), 10n ** BigInt(quantity.scale));
}

/** `quantity / count` as the nearest double (within one unit in the last place for doubles). */
export function quantityOver(quantity: Quantity, count: number): number {
  if ('double' in quantity) return quantity.double / count;
  return divide(BigInt(quantity.exact), BigInt(count) * 10n ** BigInt(quantity.scale));
}

/** The whole number that an exact quantity is in units of 10^-scale. */
export function atScale(quantity: { exact: string; scale: number }, scale: number): bigint {
  return BigInt(quantity.exact) * 10n ** BigInt(scale - quantity.scale);
}

/**
 * `numerator / denominator` to the precision of a double: both are scaled so that the whole-number quotient has 64 bits
 * or more, and the last bit is made odd where a remainder is left, so that rounding to 53 bits rounds only once.
 */
export function divide(numerator: bigint, denominator: bigint): number {
  if (denominator === 0n) return Number.NaN;
  const negative = numerator < 0n !== denominator < 0n;
  const top = numerator < 0n ? -numerator : numerator;
  const bottom = denominator < 0n ? -denominator : denominator;
  if (top === 0n) return 0;
  const shift = 66 - (bits(top) - bits(bottom));
  const scaledTop = shift > 0 ? top << BigInt(shift) : top;
  const scaledBottom = shift > 0 ? bottom : bottom << BigInt(-shift);
  const quotient = scaledTop / scaledBottom;
  const sticky = scaledTop % scaledBottom === 0n ? quotient : quotient | 1n;
  const value = Number(sticky) * 2 ** -shift;
  return negative ? -value : value;
}

function bits(value: bigint): number {
  return value.toString(2).length;
}
