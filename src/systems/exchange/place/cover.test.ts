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

  it('is greedy where there are too many options to look at every choice, and then leaves nobody out either', () => {
    const parties = Array.from({ length: 40 }, (_, at) => `p${String(at).padStart(2, '0')}`);
    // of 38 runs of three, every other one would do; of all subsets of 38 nobody finds that in time
    const runs = parties.slice(0, -2).map((_, at) => option(`a${at}`, parties.slice(at, at + 3)));
    const parts = cover(runs, parties, parties.length);
    expect(parts?.flatMap(({ providers }) => providers).sort()).toEqual(parties);
    expect(parts?.map(({ archetype }) => archetype).slice(0, 3)).toEqual(['a0', 'a3', 'a6']);
    expect(cover(runs.slice(1), parties, parties.length)).toBeUndefined();
    expect(cover(runs, parties, 1)).toBeUndefined();
    expect(cover([...runs, option('all', parties)], parties, 1)).toEqual([
      { archetype: 'all', providers: parties },
    ]);
  });

  it('puts each provider in one part that is possible for it, and makes no empty ones, however many options', () => {
    const parties = Array.from({ length: 12 }, (_, at) => `p${at}`);
    const arbitrary = fc
      .array(fc.subarray(parties, { minLength: 1, maxLength: 4 }), { minLength: 20, maxLength: 40 })
      .map((all) => all.map((taken, index) => option(`a${index}`, taken)));
    fc.assert(
      fc.property(arbitrary, (options) => {
        const reachable = parties.filter((party) =>
          options.some(({ providers: taken }) => taken.includes(party)),
        );
        const parts = cover(options, reachable, reachable.length) ?? [];
        expect(parts.flatMap((part) => part.providers).sort()).toEqual([...reachable].sort());
        for (const { archetype, providers: taken } of parts) {
          expect(taken.length).toBeGreaterThan(0);
          const from = options.find((one) => one.archetype === archetype)?.providers;
          expect(from).toEqual(expect.arrayContaining([...taken]));
        }
      }),
    );
  });
});
