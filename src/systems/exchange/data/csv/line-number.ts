import { comma } from './bytes.js';

/** Writes `number`, a whole number from 1, in decimal digits and a comma to `out` at `at`; returns the offset after them. */
export function writeNumber(out: Buffer, at: number, number: number): number {
  let divisor = 1;
  while (divisor * 10 <= number) divisor *= 10;
  let rest = number;
  let end = at;
  for (; divisor >= 1; divisor /= 10) {
    const digit = Math.floor(rest / divisor);
    out[end++] = 0x30 + digit;
    rest -= digit * divisor;
  }
  out[end++] = comma;
  return end;
}
