import type { PartialRow } from './aggregate.js';
import type { Partials } from './partials.js';
import { groupKey } from './suppress.js';

/**
 * Leaves out the small groups of each provider that do not reach `minimum` persons together with the other providers' small
 * groups of that name. Large groups do not help a small one: who asks their providers alone could subtract them. Persons of
 * different providers count as different persons.
 *
 * A provider's total stays only where nothing of it is left out, or exactly what the provider would withhold by itself and
 * still show its total. So no total less its parts is of few persons of one provider.
 */
export function withoutFew(all: readonly Partials[], minimum: number): Partials[] {
  const least = Math.max(minimum, ...all.map(({ withheld }) => withheld.minimumGroupSize));
  const persons = new Map<string, number>();
  for (const row of all.flatMap((partials) => partials.rows.filter(isSmall))) {
    const key = groupKey(row.group);
    persons.set(key, (persons.get(key) ?? 0) + (row.persons ?? 0));
  }
  const enough = (row: PartialRow) => !isSmall(row) || (persons.get(groupKey(row.group)) ?? 0) >= least;
  return all.map((partials): Partials => {
    const small = partials.rows.filter(isSmall).length;
    if (small === 0) return partials;
    const rows = partials.rows.filter(enough);
    const leftOut = partials.rows.length - rows.length;
    // groups that this provider did not even send
    const unsent = partials.withheld.groups - small;
    const groups = leftOut + unsent;
    const byItself = leftOut === small && !partials.withheld.total;
    const total = groups > 0 && !byItself && rows.some((row) => row.total);
    return { ...partials, rows, withheld: { ...partials.withheld, groups, total } };
  });
}

function isSmall(row: PartialRow): boolean {
  return !row.total && row.persons !== undefined;
}
