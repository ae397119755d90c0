import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartialRow } from './aggregate.js';
import { addWithheld, groupKey, suppress } from './suppress.js';

const row = (group: string, rows: number): PartialRow => ({ group: [group], total: false, state: { rows } });
const total = (rows: number): PartialRow => ({ group: [null], total: true, state: { rows } });

/** Rows, persons per group and withheld persons, as a run counts them, of groups whose persons are sets. */
function counted(groups: readonly ReadonlySet<number>[], minimum: number) {
  const rows = groups.map((persons, i) => row(`g${i}`, persons.size));
  const units = new Map(groups.map((persons, i) => [groupKey([`g${i}`]), persons.size]));
  const small = groups.filter((persons) => persons.size < minimum);
  const withheld = new Set(small.flatMap((persons) => [...persons])).size;
  const all = new Set(groups.flatMap((persons) => [...persons])).size;
  return { rows: [...rows, total(all)], units, withheld };
}

describe('suppress', () => {
  it('holds back groups of too few persons, and says how many', () => {
    const units = new Map([
      [groupKey(['M']), 10],
      [groupKey(['V']), 9],
    ]);
    expect(suppress([row('M', 30), row('V', 20), row('X', 10)], 10, units, 0)).toEqual({
      rows: [row('M', 30)],
      withheld: { groups: 2, total: false, minimumGroupSize: 10 },
    });
  });

  it('shows a total beside withheld groups only where those together have enough persons', () => {
    const units = new Map([[groupKey(['M']), 10]]);
    const rows = [row('M', 30), row('V', 20), total(50)];
    expect(suppress(rows, 10, units, 9).rows).toEqual([row('M', 30)]);
    expect(suppress(rows, 10, units, 9).withheld.total).toBe(true);
    expect(suppress(rows, 10, units, 10).rows).toEqual([row('M', 30), total(50)]);
  });

  it('shows no total of nobody', () => {
    expect(suppress([total(0)], 10, new Map(), 0).rows).toEqual([]);
    expect(suppress([{ ...row('', 9), group: [] }], 10, new Map([['[]', 9]]), 0).rows).toEqual([]);
  });

  it('holds back groups that cannot be told apart, since one could lend the other its persons', () => {
    const units = new Map([[groupKey(['M']), 1000]]);
    const release = suppress([row('M', 1000), row('M', 1), total(1001)], 10, units, 500);
    expect(release).toEqual({ rows: [], withheld: { groups: 2, total: true, minimumGroupSize: 10 } });
  });

  it('never lets a difference of released figures be of fewer persons than the minimum', () => {
    const persons = fc.uniqueArray(fc.nat(40), { maxLength: 15 }).map((list) => new Set(list));
    fc.assert(
      fc.property(fc.array(persons, { maxLength: 6 }), fc.integer({ min: 2, max: 8 }), (groups, minimum) => {
        const { rows, units, withheld } = counted(groups, minimum);
        const released = suppress(rows, minimum, units, withheld).rows;
        const shown = new Set(released.filter((one) => !one.total).map((one) => one.group[0]));
        for (const [i, group] of groups.entries())
          if (shown.has(`g${i}`)) expect(group.size).toBeGreaterThanOrEqual(minimum);
        if (!released.some((one) => one.total)) return;
        // what is left when every shown group is taken from the total
        const hidden = groups.filter((_, i) => !shown.has(`g${i}`));
        const difference = new Set(hidden.flatMap((group) => [...group])).size;
        expect(difference === 0 || difference >= minimum).toBe(true);
        expect(new Set(groups.flatMap((group) => [...group])).size).toBeGreaterThanOrEqual(minimum);
      }),
    );
  });
});

describe('addWithheld', () => {
  it('adds groups, and takes the larger minimum', () => {
    const one = { groups: 1, total: false, minimumGroupSize: 5 };
    const other = { groups: 2, total: true, minimumGroupSize: 10 };
    expect(addWithheld([one, other])).toEqual({ groups: 3, total: true, minimumGroupSize: 10 });
    expect(addWithheld([])).toEqual({ groups: 0, total: false, minimumGroupSize: 1 });
  });
});
