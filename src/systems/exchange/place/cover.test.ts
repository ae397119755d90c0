import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Option } from './consider.js';
import { cover } from './cover.js';

const providers = ['A', 'B', 'C', 'D'];

const option = (archetype: string, taken: readonly string[]): Option => ({
  archetype,
  weight: 1,
  against: [],
  providers: taken,
});

/** Every choice of exactly `size` options, in the order of their positions. */
function choices(options: readonly Option[], size: number): Option[][] {
  if (size === 0) return [[]];
  return options.flatMap((first, index) =>
    choices(options.slice(index + 1), size - 1).map((others) => [first, ...others]),
  );
}

const coversAll = (chosen: readonly Option[]) =>
  providers.every((provider) => chosen.some((one) => one.providers.includes(provider)));

describe('cover', () => {
  it('is the first of the smallest choices that leave nobody out, and puts each with the first that takes it', () => {
    const arbitrary = fc
      .array(fc.subarray(providers), { maxLength: 6 })
      .map((all) => all.map((taken, index) => option(`a${index}`, taken)));
    fc.assert(
      fc.property(arbitrary, fc.integer({ min: 1, max: 4 }), (options, most) => {
        const found = [1, 2, 3, 4]
          .filter((size) => size <= most)
          .flatMap((size) => choices(options, size))
          .find(coversAll);
        const parts = found?.map((one, index) => ({
          archetype: one.archetype,
          providers: one.providers.filter((provider) =>
            found.slice(0, index).every((earlier) => !earlier.providers.includes(provider)),
          ),
        }));
        expect(cover(options, providers, most)).toEqual(parts);
      }),
    );
  });
});
