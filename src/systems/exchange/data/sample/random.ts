/** Pseudo-random numbers that are the same for a seed on every machine: whole-number arithmetic only. */
export interface Random {
  /** Evenly spread over [0, 1), 32 bits. */
  fraction(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True with probability `share`. */
  chance(share: number): boolean;
  /** About normal with mean 0 and deviation 1: the sum of twelve fractions less six (Irwin–Hall). Within ±6. */
  normal(): number;
}

/**
 * sfc32 of Chris Doty-Humphrey (PractRand 0.94, `RNG/sfc.h`), started from the 32-bit FNV-1a hashes of `seed` and run
 * in for 12 turns as there.
 */
export function seededRandom(seed: string): Random {
  let a = fnv1a(`${seed}/a`);
  let b = fnv1a(`${seed}/b`);
  let c = fnv1a(`${seed}/c`);
  let counter = 1;
  const next = () => {
    const result = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let turn = 0; turn < 12; turn++) next();

  const fraction = () => next() / 2 ** 32;
  return {
    fraction,
    between: (low, high) => low + Math.floor(fraction() * (high - low + 1)),
    chance: (share) => fraction() < share,
    normal: () => {
      let sum = -6;
      for (let turn = 0; turn < 12; turn++) sum += fraction();
      return sum;
    },
  };
}

/** FNV-1a, 32 bits, over UTF-16 units (Fowler, Noll, Vo; offset basis 2166136261, prime 16777619). */
function fnv1a(text: string): number {
  let hash = 2166136261;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
  return hash | 0;
}

/** Draws values with the given weights: `pick` takes a fraction in [0, 1). */
export function weighted<Value>(weights: readonly (readonly [Value, number])[]): (fraction: number) => Value {
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const [first] = weights;
  if (first === undefined) throw new RangeError('There is nothing to draw from.');
  return (fraction) => {
    let left = fraction * total;
    for (const [value, weight] of weights) {
      left -= weight;
      if (left < 0) return value;
    }
    return first[0];
  };
}
