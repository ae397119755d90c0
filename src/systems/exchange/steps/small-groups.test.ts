import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finishPartials, mergePartials } from './merge.js';
import type { Partials } from './partials.js';

/** What a provider sends that lets a compute provider see small groups: persons by group, each with one row. */
function sent(groups: Readonly<Record<string, number>>, total = false): Partials {
  const entries = Object.entries(groups);
  const small = entries.filter(([, persons]) => persons < 10);
  const together = small.reduce((sum, [, persons]) => sum + persons, 0);
  const all = entries.reduce((sum, [, persons]) => sum + persons, 0);
  const nobodyLarge = small.length === entries.length;
  return {
    algorithm: 'count',
    groups: ['Geslacht'],
    rows: [
      ...entries.map(([group, persons]) => ({
        group: [group],
        total: false,
        state: { rows: persons },
        ...(persons < 10 ? { persons } : {}),
      })),
      ...(total ? [{ group: [null], total: true, state: { rows: all } }] : []),
    ],
    withheld: {
      groups: small.length,
      total: total && (small.length > 0 || nobodyLarge) && together < 10,
      minimumGroupSize: 10,
    },
  };
}

function answer(...all: readonly Partials[]) {
  const { rows, withheld } = finishPartials(mergePartials(all, 10));
  return {
    counts: Object.fromEntries(
      rows.map((row) => [row.total === true ? 'total' : String(row.Geslacht), row.count]),
    ),
    withheld,
  };
}

describe('small groups at a compute provider', () => {
  it('are released where they reach the minimum together', () => {
    expect(answer(sent({ M: 20, X: 6 }), sent({ M: 30, X: 6 }))).toEqual({
      counts: { M: 50, X: 12 },
      withheld: { groups: 0, total: false, minimumGroupSize: 10 },
    });
  });

  it('are left out where they do not', () => {
    expect(answer(sent({ M: 20, X: 6 }), sent({ M: 30, X: 3 }))).toEqual({
      counts: { M: 50 },
      withheld: { groups: 2, total: false, minimumGroupSize: 10 },
    });
  });

  it('are not carried by a large group of another provider, who could be asked alone', () => {
    expect(answer(sent({ X: 6 }), sent({ X: 12 })).counts).toEqual({ X: 12 });
    expect(answer(sent({ X: 6 }), sent({ X: 12 }), sent({ X: 4 })).counts).toEqual({ X: 22 });
  });

  it('stand beside a total only where it does not give a part away', () => {
    const all = answer(sent({ M: 20, X: 6 }, true), sent({ M: 30, X: 6 }, true));
    expect(all.counts).toEqual({ M: 50, X: 12, total: 62 });
    const left = answer(sent({ M: 20, X: 6, Y: 6 }, true), sent({ M: 30, X: 6 }, true));
    expect(left).toEqual({
      counts: { M: 50, X: 12 },
      withheld: { groups: 1, total: true, minimumGroupSize: 10 },
    });
  });

  it('have the largest minimum that any provider names', () => {
    const strict = sent({ X: 8 });
    const partials = { ...strict, withheld: { ...strict.withheld, minimumGroupSize: 20 } };
    expect(finishPartials(mergePartials([partials, sent({ X: 9 })], 10)).rows).toEqual([]);
  });

  it('never leave a provider a part below the minimum, by subtraction of what it shows alone', () => {
    const provider = fc.dictionary(fc.constantFrom('M', 'V', 'X'), fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(fc.array(provider, { minLength: 1, maxLength: 3 }), (providers) => {
        const { counts } = answer(...providers.map((groups) => sent(groups)));
        for (const [group, count] of Object.entries(counts)) {
          const alone = providers.map((groups) => groups[group] ?? 0).filter((persons) => persons >= 10);
          const rest = Number(count) - alone.reduce((sum, persons) => sum + persons, 0);
          expect(rest === 0 || rest >= 10).toBe(true);
        }
      }),
    );
  });

  it('say nothing of persons in the answer', () => {
    expect(mergePartials([sent({ X: 6 }), sent({ X: 6 })], 10).rows).toEqual([
      { group: ['X'], total: false, state: { rows: 12 } },
    ]);
  });
});
