import { seededRandom } from './random.js';

/** What makes the staff of one university differ from that of another. */
export interface University {
  /** Three equal letters, as the real files have them. */
  readonly instcode: string;
  /** Person numbers begin above this; the known universities share none. */
  readonly firstNumber: number;
  /** Mean salary scale at the age of 40, men and women. */
  readonly meanScale: { readonly M: number; readonly V: number };
  readonly shareOfWomen: number;
}

const known: Readonly<Record<string, University>> = {
  UVA: { instcode: 'AAA', firstNumber: 10_000_000, meanScale: { M: 11.8, V: 10.6 }, shareOfWomen: 0.53 },
  VU: { instcode: 'DDD', firstNumber: 20_000_000, meanScale: { M: 11.0, V: 10.1 }, shareOfWomen: 0.52 },
  RUG: { instcode: 'GGG', firstNumber: 30_000_000, meanScale: { M: 11.4, V: 9.9 }, shareOfWomen: 0.49 },
};

/** A university by its short name; one that is not known gets figures of its own that follow from its name. */
export function universityOf(name: string): University {
  const figures = Object.hasOwn(known, name) ? known[name] : undefined;
  if (figures !== undefined) return figures;
  const random = seededRandom(`university/${name}`);
  const men = 10.8 + random.fraction();
  return {
    instcode: String.fromCharCode(0x48 + random.between(0, 18)).repeat(3),
    firstNumber: 10_000_000 * random.between(4, 90),
    meanScale: { M: men, V: men - 0.5 - random.fraction() },
    shareOfWomen: 0.45 + random.fraction() / 10,
  };
}
