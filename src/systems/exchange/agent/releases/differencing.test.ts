import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyFingerprint } from '../../steps/index.js';
import { type Figure, folded, tellsOfFew } from './differencing.js';

const minimum = 5;

/** The fingerprint of persons with one row each, as a run makes it. */
function figure(persons: Iterable<number>, small = false, buckets = 256): Figure {
  const fingerprint = emptyFingerprint(buckets);
  for (const person of persons) {
    const hash = createHash('sha256').update(String(person)).digest();
    const bucket = hash.readUInt32LE(0) % buckets;
    fingerprint[bucket] = (fingerprint[bucket] ?? 0) + hash.readUInt32LE(4);
  }
  return { fingerprint, small };
}

const from = (start: number, count: number) => Array.from({ length: count }, (_, i) => start + i);
const all = from(0, 40);

function tells(next: Figure, earlier: readonly Figure[], beside: readonly Figure[] = []): boolean {
  return tellsOfFew(next, { earlier, beside, minimum, pairs: 300 });
}

describe('a figure beside an earlier one', () => {
  it.each([1, 2, 3, 4])('is refused where %i persons were taken out, or came in', (few) => {
    expect(tells(figure(all.slice(few)), [figure(all)])).toBe(true);
    expect(tells(figure(all), [figure(all.slice(few))])).toBe(true);
  });

  it('is let out where they are the same persons, or differ by many', () => {
    expect(tells(figure(all), [figure(all)])).toBe(false);
    expect(tells(figure(all.slice(9)), [figure(all)])).toBe(false);
    expect(tells(figure(from(100, 20)), [figure(all)])).toBe(false);
  });

  it('is refused where a person was put in the place of another', () => {
    expect(tells(figure([...all.slice(1), 99]), [figure(all)])).toBe(true);
  });

  it('is refused where only rows that are of nobody differ', () => {
    const other = figure(all);
    other.fingerprint[256] = 1;
    expect(tells(other, [figure(all)])).toBe(true);
  });
});

describe('a figure beside two others', () => {
  const left = from(0, 20);
  const right = from(20, 20);

  it('is refused where their sum, or their difference, lacks one person', () => {
    expect(tells(figure(all.slice(1)), [figure(left), figure(right)])).toBe(true);
    expect(tells(figure(left.slice(1)), [figure(all), figure(right)])).toBe(true);
    expect(tells(figure(right.slice(1)), [figure(left), figure(all)])).toBe(true);
  });

  it('is let out where it is their sum or difference', () => {
    expect(tells(figure(all), [figure(left), figure(right)])).toBe(false);
    expect(tells(figure(left), [figure(all), figure(right)])).toBe(false);
  });

  it('is held against the other figures of its answer, each with an earlier one', () => {
    expect(tells(figure(right.slice(1)), [figure(all)], [figure(left)])).toBe(true);
    expect(tells(figure(right), [figure(all)], [figure(left)])).toBe(false);
    // whether these two may stand side by side was decided on exact counts
    expect(tells(figure(left.slice(1)), [], [figure(left)])).toBe(false);
  });

  it('is let out where the difference is a figure that was released, and not where it was only merged', () => {
    const few = from(0, minimum - 1);
    expect(tells(figure(all), [figure(all.slice(4)), figure(few)])).toBe(false);
    expect(tells(figure(all), [figure(all.slice(4)), figure(few, true)])).toBe(true);
  });

  it('is taken with only so many of the newest', () => {
    const earlier = [figure(left), figure(right), figure(from(200, 20))];
    const ground = { earlier, beside: [], minimum };
    expect(tellsOfFew(figure(all.slice(1)), { ...ground, pairs: 3 })).toBe(true);
    expect(tellsOfFew(figure(all.slice(1)), { ...ground, pairs: 2 })).toBe(false);
  });
});

describe('small figures', () => {
  it('without a person in common tell nothing by difference', () => {
    expect(tells(figure([1, 2], true), [figure([3, 4], true)])).toBe(false);
    expect(tells(figure([1, 2], true), [figure([2, 3], true)])).toBe(true);
  });
});

describe('a fingerprint over fewer buckets', () => {
  it('is that of the same persons', () => {
    expect(folded(figure(all, false, 1024).fingerprint, 256)).toHaveLength(257);
    fc.assert(
      fc.property(fc.array(fc.nat(500)), (persons) => {
        const wide = figure(persons, false, 1024);
        const narrow = figure(persons, false, 256);
        expect(folded(wide.fingerprint, 256)).toEqual(narrow.fingerprint);
      }),
    );
  });
});

it('never lets a difference of 1 to k − 1 persons pass, whatever the sets are', () => {
  const sets = fc.uniqueArray(fc.nat(30), { maxLength: 30 });
  fc.assert(
    fc.property(sets, sets, (one, other) => {
      const difference =
        one.filter((person) => !other.includes(person)).length +
        other.filter((person) => !one.includes(person)).length;
      const apart = one.every((person) => !other.includes(person));
      if (difference === 0 || difference >= minimum || apart) return;
      // the difference may be one that the requester has: here it has none but these two
      expect(tells(figure(one), [figure(other)])).toBe(true);
    }),
  );
});
