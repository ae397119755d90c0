import type { Option } from './consider.js';
import type { Part } from './placement.js';

/** Options of which none is needless, up to which every choice of them is looked at: 2¹⁶ choices take some milliseconds. */
const mostExact = 16;

/**
 * Divides `providers` over as few options as possible, `most` at most; of divisions into equally many, the one whose first
 * option comes first in `options`, then its second, and so on. Each provider goes to the first of them that is possible for
 * it. `undefined` where there is no such division.
 *
 * That is a minimum set cover, whose exact answer takes time that doubles with each option. Where more than 16 are left that
 * no earlier one makes needless, and no one option is possible for all, it is a greedy cover instead: each time the first
 * option that is possible for most of those who are left.
 */
export function cover(
  options: readonly Option[],
  providers: readonly string[],
  most: number,
): Part[] | undefined {
  const useful = withoutNeedless(options);
  const alone = most < 1 ? undefined : choose(useful, providers, 1);
  if (alone !== undefined) return assign(alone, providers);
  if (useful.length > mostExact) {
    const chosen = most < 2 ? undefined : chooseGreedily(useful, providers);
    return chosen === undefined || chosen.length > most ? undefined : assign(chosen, providers);
  }
  for (let size = 2; size <= most; size++) {
    const chosen = choose(useful, providers, size);
    if (chosen !== undefined) return assign(chosen, providers);
  }
  return undefined;
}

/** An option is needless where an earlier one is possible for all that it is possible for. */
function withoutNeedless(options: readonly Option[]): Option[] {
  const useful: Option[] = [];
  for (const option of options) {
    const includes = (earlier: Option) => option.providers.every((one) => earlier.providers.includes(one));
    if (!useful.some(includes)) useful.push(option);
  }
  return useful;
}

/** In the order of `options`; `undefined` where somebody is left whom none is possible for. */
function chooseGreedily(options: readonly Option[], providers: readonly string[]): Option[] | undefined {
  const chosen = new Set<Option>();
  let left = providers;
  while (left.length > 0) {
    const taken = (option: Option) => left.filter((provider) => option.providers.includes(provider)).length;
    const [first] = [...options].sort((one, other) => taken(other) - taken(one));
    if (first === undefined || taken(first) === 0) return undefined;
    chosen.add(first);
    left = left.filter((provider) => !first.providers.includes(provider));
  }
  return options.filter((option) => chosen.has(option));
}

/** The first options, `size` at most, that are possible for all of `left` together. */
function choose(
  options: readonly Option[],
  left: readonly string[],
  size: number,
): readonly Option[] | undefined {
  if (left.length === 0) return [];
  const takes = options.map((option) => left.filter((provider) => option.providers.includes(provider)));
  if (left.length > size * Math.max(0, ...takes.map(({ length }) => length))) return undefined;
  for (const [index, option] of options.entries()) {
    const taken = takes[index] ?? [];
    // of as few as possible, each takes somebody whom those before it do not
    if (taken.length === 0) continue;
    const rest = left.filter((provider) => !taken.includes(provider));
    const others = choose(options.slice(index + 1), rest, size - 1);
    if (others !== undefined) return [option, ...others];
  }
  return undefined;
}

function assign(chosen: readonly Option[], providers: readonly string[]): Part[] {
  const firstOf = (provider: string) => chosen.find((option) => option.providers.includes(provider));
  const parts = chosen.map((option) => ({
    archetype: option.archetype,
    ...(option.computeProvider === undefined ? {} : { computeProvider: option.computeProvider }),
    providers: providers.filter((provider) => firstOf(provider) === option),
  }));
  // what was taken greedily for some may find them all taken by one that comes before it
  return parts.filter((part) => part.providers.length > 0);
}
