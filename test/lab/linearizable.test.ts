import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Call } from './calls.js';
import { isLinearizable, type Model } from './linearizable.js';
import { minimalHistory } from './minimal-history.js';

type Asked = 'read' | { readonly write: number } | { readonly swap: readonly [number, number] };
type Answer = number | boolean;
type RegisterCall = Call<Asked, Answer>;

/** One number that is read, written, and swapped for another where it is as expected. */
const register: Model<number, Asked, Answer> = {
  initial: 0,
  next(held, asked, answer) {
    if (asked === 'read') return answer === undefined || answer === held ? held : undefined;
    if ('write' in asked) return asked.write;
    const [expected, written] = asked.swap;
    const isSwapped = held === expected;
    if (answer !== undefined && answer !== isSwapped) return undefined;
    return isSwapped ? written : held;
  },
  keyOf: String,
};

/** A call from one moment to another; without an answer, its outcome is unknown. */
function call(calledAt: number, at: number, asked: Asked, answer?: Answer): RegisterCall {
  const returned = answer === undefined ? {} : { returned: { at, answer } };
  return { client: `c${calledAt}`, asked, calledAt, ...returned };
}

const write = (value: number): Asked => ({ write: value });

describe('linearisability', () => {
  it.each<[string, RegisterCall[]]>([
    ['nothing', []],
    ['one after the other', [call(0, 1, write(1), true), call(2, 3, 'read', 1)]],
    ['a read beside a write, before it', [call(0, 9, write(1), true), call(1, 2, 'read', 0)]],
    ['a read beside a write, after it', [call(0, 9, write(1), true), call(1, 2, 'read', 1)]],
    ['at one moment', [call(0, 1, write(1), true), call(1, 2, 'read', 0)]],
    ['an unknown write that came late', [call(0, 0, write(1)), call(1, 2, 'read', 0), call(3, 4, 'read', 1)]],
    [
      'an unknown write that never came',
      [call(0, 0, write(1)), call(1, 2, 'read', 0), call(3, 4, 'read', 0)],
    ],
    [
      'an unknown swap',
      [call(0, 0, { swap: [0, 1] }), call(1, 2, { swap: [0, 2] }, false), call(3, 4, 'read', 1)],
    ],
  ])('is found in %s', (_name, calls) => {
    expect(isLinearizable(register, calls)).toBe('linearizable');
  });

  it.each<[string, RegisterCall[]]>([
    ['a lost write', [call(0, 1, write(1), true), call(2, 3, 'read', 0)]],
    ['a stale read', [call(0, 1, write(1), true), call(2, 3, write(2), true), call(4, 5, 'read', 1)]],
    ['a read that goes back', [call(0, 9, write(1), true), call(1, 2, 'read', 1), call(3, 4, 'read', 0)]],
    [
      'a write that was applied twice',
      [call(0, 1, write(1), true), call(2, 3, write(2), true), call(4, 5, 'read', 2), call(6, 7, 'read', 1)],
    ],
    ['two swaps of one', [call(0, 9, { swap: [0, 1] }, true), call(0, 9, { swap: [0, 2] }, true)]],
    ['a value of nobody', [call(0, 0, write(1)), call(1, 2, 'read', 2)]],
    ['an unknown write before its time', [call(1, 2, 'read', 1), call(3, 3, write(1))]],
  ])('is missed in %s', (_name, calls) => {
    expect(isLinearizable(register, calls)).toBe('not linearizable');
  });

  it('is not decided where too much would have to be tried', () => {
    const calls = Array.from({ length: 20 }, (_, index) => call(0, 9, write(index), true));
    expect(isLinearizable(register, [...calls, call(10, 11, 'read', 99)], 1_000)).toBe('undecided');
  });

  it('is decided over thousands of calls', () => {
    const calls = Array.from({ length: 3_000 }, (_, index) =>
      index % 2 === 0
        ? call(index, index + 3, write(index), true)
        : call(index, index + 1, 'read', index - 1),
    );
    expect(isLinearizable(register, calls)).toBe('linearizable');
  });

  it('is what trying every order says', () => {
    const value = fc.nat(2);
    const asked = fc.oneof(
      fc.constant<Asked>('read'),
      value.map(write),
      fc.tuple(value, value).map((swap): Asked => ({ swap })),
    );
    const answerOf = (of: Asked): fc.Arbitrary<Answer> => {
      if (of === 'read') return value;
      return 'write' in of ? fc.constant(true) : fc.boolean();
    };
    const calls = asked.chain((of) =>
      fc
        .tuple(
          fc.nat(12),
          fc.integer({ min: 0, max: 6 }),
          fc.option(answerOf(of), { nil: undefined, freq: 4 }),
        )
        .map(([at, lasts, answer]) => call(at, at + lasts, of, answer)),
    );
    let found = 0;
    fc.assert(
      fc.property(fc.array(calls, { maxLength: 6 }), (history) => {
        const expected = someOrderHolds(history);
        found += expected ? 1 : 0;
        expect(isLinearizable(register, history)).toBe(expected ? 'linearizable' : 'not linearizable');
      }),
      { numRuns: 3_000 },
    );
    expect(found).toBeGreaterThan(300);
    expect(found).toBeLessThan(2_700);
  });
});

describe('the least of a bad history', () => {
  it('ends with what shows it, and has no reader that is not needed', () => {
    const bad = [
      call(0, 1, write(1), true),
      call(1.5, 1.6, 'read', 1),
      call(2, 3, write(2), true),
      call(4, 5, 'read', 1),
      call(6, 7, write(3), true),
      call(8, 9, 'read', 3),
    ];
    const isBad = (calls: readonly RegisterCall[]) => isLinearizable(register, calls) === 'not linearizable';
    expect(minimalHistory(bad, isBad, (asked) => asked === 'read')).toEqual([bad[0], bad[2], bad[3]]);
  });
});

/** Tries every order, and every choice of unknown calls that never came. */
function someOrderHolds(calls: readonly RegisterCall[], held = register.initial): boolean {
  if (calls.every(({ returned }) => returned === undefined)) return true;
  return calls.some((each) => {
    const others = calls.filter((other) => other !== each);
    const isFirst = others.every(({ returned }) => returned === undefined || returned.at >= each.calledAt);
    const after = register.next(held, each.asked, each.returned?.answer);
    return isFirst && after !== undefined && someOrderHolds(others, after);
  });
}
