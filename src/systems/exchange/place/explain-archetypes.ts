import type { NormalRequest } from '../model/index.js';
import type { Option } from './consider.js';
import type { Consideration, ConsideredArchetype, Part } from './placement.js';
import { compareText } from './refusals.js';

const whoComputes = ({ computeProvider }: Part): string =>
  computeProvider === undefined ? '' : ` with ${computeProvider}`;

function whyChosen(
  name: string,
  weight: number,
  parts: readonly Part[],
  request: NormalRequest,
): Consideration[] {
  const own = parts.filter(({ archetype }) => archetype === name);
  if (parts.length > 1) {
    return own.map((part) => ({
      message: `is taken for ${part.providers.join(', ')}${whoComputes(part)}, since none is possible for all`,
    }));
  }
  const message =
    request.archetype === name
      ? 'the request asks for it'
      : `of those possible it has the highest weight, ${weight}`;
  return own.map(() => ({ message }));
}

/** Everything that speaks against each of an archetype's options, each reason once; nothing where one is for all. */
function whyNot(options: readonly Option[]): Consideration[] {
  if (options.some(({ against }) => against.length === 0)) return [];
  const unique = new Map(
    options.flatMap(({ against }) => against).map((reason) => [JSON.stringify(reason), reason]),
  );
  return [...unique.values()];
}

/**
 * What was thought of each archetype, by name.
 *
 * @param options of all archetypes, by rank
 * @param parts what was chosen; empty where nothing was
 */
export function explainArchetypes(
  options: readonly Option[],
  parts: readonly Part[],
  request: NormalRequest,
): ConsideredArchetype[] {
  const names = [...new Set(options.map(({ archetype }) => archetype))].sort(compareText);
  const [best] = parts;
  const weightOf = (name: string | undefined) =>
    options.find(({ archetype }) => archetype === name)?.weight ?? 0;
  return names.map((archetype) => {
    const weight = weightOf(archetype);
    const chosen = whyChosen(archetype, weight, parts, request);
    if (chosen.length > 0) return { archetype, chosen: true, why: chosen };
    const against = whyNot(options.filter((option) => option.archetype === archetype));
    if (against.length > 0 || best === undefined) return { archetype, chosen: false, why: against };
    const higher = weightOf(best.archetype);
    const message =
      higher === weight
        ? `is possible; ${best.archetype} has the same weight, ${weight}, and comes first by name`
        : `is possible; ${best.archetype} has a higher weight, ${higher} over ${weight}`;
    return { archetype, chosen: false, why: [{ message }] };
  });
}
