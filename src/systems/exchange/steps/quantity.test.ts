import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addQuantities,
  compareQuantities,
  divide,
  exactQuantity,
  type Quantity,
  quantityOver,
  toNumber,
} from './quantity.js';

/** A decimal as its text and as a fraction of whole numbers. */
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }), fc.integer({ min: 0, max: 12 }))
  .map(([units, scale]) => {
    const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
    const whole = digits.slice(0, digits.length - scale);
    const text = `${units < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
    return { text, units, scale };
  });

/** The double nearest to `top / bottom`, found by trying: the reference that needs no arithmetic of ours. */
function isNearest(value: number, top: bigint, bottom: bigint): boolean {
  const distance = (double: number) => {
    const [units, power] = exactDouble(double);
    // |double − top/bottom| as a fraction over bottom·2^power
    const difference = units * bottom - (top << power);
    return { size: difference < 0n ? -difference : difference, power };
  };
  const mine = distance(value);
  return [nextUp(value), -nextUp(-value)].every((other) => {
    const theirs = distance(other);
    return mine.size << theirs.power <= theirs.size << mine.power;
  });
}

/** A finite double as `units / 2^power`. */
function exactDouble(value: number): [units: bigint, power: bigint] {
  let power = 0n;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    power += 1n;
  }
  return [BigInt(scaled), power];
}

function nextUp(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}

describe('exact quantities', () => {
  it('are read from the text of a number', () => {
    expect(exactQuantity('-12.50')).toEqual({ exact: '-1250', scale: 2 });
    expect(exactQuantity('-0.05')).toEqual({ exact: '-5', scale: 2 });
    const largest = '170141183460469231731687303715884105727';
    expect(exactQuantity(largest)).toEqual({ exact: largest, scale: 0 });
    for (const text of ['', '1e5', 'NaN', '1.', '.5', '--1'])
      expect(() => exactQuantity(text)).toThrow(RangeError);
  });

  it('add up without losing a digit, in any order', () => {
    fc.assert(
      fc.property(fc.array(decimal, { minLength: 1, maxLength: 8 }), (list) => {
        const add = (all: readonly { text: string }[]) =>
          all.map(({ text }): Quantity => exactQuantity(text)).reduce(addQuantities);
        const sum = add(list);
        const scale = 12n;
        const expected = list.reduce(
          (total, one) => total + one.units * 10n ** (scale - BigInt(one.scale)),
          0n,
        );
        if (!('exact' in sum)) throw new Error('not exact');
        expect(BigInt(sum.exact) * 10n ** (scale - BigInt(sum.scale))).toBe(expected);
        expect(add([...list].reverse())).toEqual(sum);
      }),
    );
  });

  it('become the nearest double', () => {
    fc.assert(
      fc.property(decimal, ({ text, units, scale }) => {
        const value = toNumber(exactQuantity(text));
        expect(value).toBe(Number(text) + 0);
        expect(isNearest(value, units, 10n ** BigInt(scale))).toBe(true);
      }),
    );
  });

  it('are divided to the nearest double', () => {
    fc.assert(
      fc.property(decimal, fc.integer({ min: 1, max: 2 ** 48 }), ({ text, units, scale }, count) => {
        const value = quantityOver(exactQuantity(text), count);
        expect(isNearest(value, units, 10n ** BigInt(scale) * BigInt(count))).toBe(true);
      }),
    );
    expect(quantityOver(exactQuantity('1'), 3)).toBe(1 / 3);
    expect(divide(1n, 0n)).toBeNaN();
    expect(divide(-6n, -3n)).toBe(2);
  });
});

describe('an order of quantities', () => {
  it('looks at every digit, whatever the scale', () => {
    const one = exactQuantity('9007199254740993');
    expect(Math.sign(compareQuantities(one, exactQuantity('9007199254740992.5')))).toBe(1);
    expect(compareQuantities(exactQuantity('-1.50'), exactQuantity('-1.5'))).toBe(0);
    expect(Math.sign(compareQuantities(exactQuantity('-2'), exactQuantity('1')))).toBe(-1);
    expect(Math.sign(compareQuantities({ double: 0.5 }, exactQuantity('0.4')))).toBe(1);
  });
});

describe('doubles', () => {
  it('make a sum a double', () => {
    expect(addQuantities({ double: 0.5 }, exactQuantity('1.25'))).toEqual({ double: 1.75 });
    expect(quantityOver({ double: 3 }, 2)).toBe(1.5);
    expect(toNumber({ double: -0.1 })).toBe(-0.1);
  });
});
