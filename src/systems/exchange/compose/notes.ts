import type { Part, Placement } from '../place/index.js';
import { type Chain, chainsOf, type DataProviderChain } from './composition.js';

const withholds = ({ output }: DataProviderChain): boolean =>
  output.form === 'aggregates' && output.minimumGroupSize > 1;

/** What is withheld: by each for itself, or in a merged answer by the strictest rule of all. */
function withheldNotes(part: Part, chains: readonly Chain[], several: boolean): string[] {
  const { providers } = chainsOf(part, chains);
  const withholding = providers.filter(withholds);
  if (part.computeProvider === undefined) {
    return withholding.map(
      ({ party, output }) => `${party} withholds groups of fewer than ${output.minimumGroupSize} persons.`,
    );
  }
  const [first] = withholding;
  if (first === undefined) return [];
  const whose = several ? ` of ${part.providers.join(', ')}` : '';
  return [
    `Groups of fewer than ${first.output.minimumGroupSize} persons are withheld: the strictest rule holds for the merged answer${whose}.`,
  ];
}

/** What a person should know about a composition, in whole sentences; by provider, then in general. */
export function composeNotes(
  { parts, absent }: Placement,
  chains: readonly Chain[],
  extraSteps: ReadonlyMap<string, readonly string[]>,
): string[] {
  const several = parts.length > 1;
  const extra = [...extraSteps].flatMap(([party, steps]) =>
    steps.length === 0 ? [] : [`${party} runs ${steps.join(', ')} besides, as its agreement requires.`],
  );
  const apart = parts.map(({ archetype, computeProvider, providers }) => {
    const at = computeProvider === undefined ? '' : ` with ${computeProvider}`;
    return `${providers.join(', ')} ${providers.length === 1 ? 'answers' : 'answer'} under ${archetype}${at}: no archetype is possible for all.`;
  });
  return [
    ...extra,
    ...absent.map((provider) => `${provider} allows the request, but is offline; the answer is without it.`),
    ...(several ? apart : []),
    ...parts.flatMap((part) => withheldNotes(part, chains, several)),
  ];
}
