import type { Option } from './consider.js';
import type { Part } from './placement.js';

/**
 * Divides `providers` over as few options as possible, `most` at most; of divisions into equally many, the one whose first
 * option comes first in `options`, then its second, and so on. Each provider goes to the first of them that is possible for
 * it. `undefined` where there is no such division. (A minimum set cover: exact, since options are few.)
 */
export function cover(
  options: readonly Option[],
  providers: readonly string[],
  most: number,
): Part[] | undefined {
  for (let size = 1; size <= most; size++) {
    const chosen = choose(options, providers, size);
    if (chosen !== undefined) return assign(chosen, providers);
  }
  return undefined;
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
  return chosen.map((option) => ({
    archetype: option.archetype,
    ...(option.computeProvider === undefined ? {} : { computeProvider: option.computeProvider }),
    providers: providers.filter((provider) => firstOf(provider) === option),
  }));
}
