import { keyTypeOf } from './fingerprint-hash.js';

/** Rounds of mixing in `pseudonymNumber`, each with a key of its own, and one key after the last. */
export const pseudonymKeys = 5;

/**
 * A person's key as a BIGINT that tells nothing of it without the secret: several rounds of a mixing function, each keyed
 * (an iterated Even–Mansour construction, Bogdanov et al. 2012, over DuckDB's hash of 64 bits). It is no cryptographic
 * hash: it is thirty times as fast as SHA-256, and rows by the million pass through it.
 *
 * @param type DuckDB's type of the key; whole numbers are taken as they are, others as text
 * @param keys `pseudonymKeys` texts of 15 hexadecimal digits
 */
export function pseudonymNumber(sql: string, type: string, keys: readonly string[]): string {
  const [first = '', ...others] = keys.map(secretNumber);
  const start =
    keyTypeOf([type]) === 'whole'
      ? `hash(xor(CAST(${sql} AS BIGINT), ${first}))`
      : `hash(xor(hash(CAST(${sql} AS VARCHAR)), CAST(${first} AS UBIGINT)))`;
  const mixed = others
    .slice(0, -1)
    .reduce((value, key) => `hash(xor(${value}, CAST(${key} AS UBIGINT)))`, start);
  const last = `xor(${mixed}, CAST(${others.at(-1) ?? 0} AS UBIGINT))`;
  // a hash of NULL is a number, and nobody is no person
  return `CASE WHEN ${sql} IS NOT NULL THEN CAST(${last} >> 1 AS BIGINT) END`;
}

function secretNumber(digits: string): string {
  return BigInt(`0x${digits}`).toString();
}
