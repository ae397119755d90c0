import { defaultMinimumGroupSize } from './approve/index.js';
import type { Relation } from './model/index.js';

/** How one field of a relation reads; a field that is not there reads as `undefined`. */
interface Field {
  readonly title: string;
  readonly text: (relation: Relation) => string | undefined;
}

const list = (names: readonly string[] | undefined): string => [...(names ?? [])].sort().join(', ') || 'none';

function outputText({ output }: Relation): string {
  const { form, minimumGroupSize = defaultMinimumGroupSize[form], extremes = false } = output;
  const groups =
    form === 'rows'
      ? `rows, and figures over groups of ${minimumGroupSize} or more`
      : `figures over groups of ${minimumGroupSize} or more`;
  const { smallGroupsAtComputeProvider = false, rowsAtComputeProvider = form === 'rows' } = output;
  return [
    groups,
    ...(extremes ? ['with extremes'] : []),
    ...(smallGroupsAtComputeProvider ? ['small groups to a compute provider'] : []),
    ...(rowsAtComputeProvider ? ['rows to a compute provider'] : []),
  ].join(', ');
}

function dataSetsText({ dataSets }: Relation): string {
  return Object.entries(dataSets)
    .map(([name, { columns }]) => {
      const tables = Object.entries(columns).map(
        ([table, names]) => `${table} ${names === '*' ? '(all columns)' : `(${list(names)})`}`,
      );
      return `${name}: ${tables.sort().join(', ')}`;
    })
    .sort()
    .join('; ');
}

function limitsText({ limits = {} }: Relation): string {
  const parts = Object.entries(limits).map(([name, value]) => `${name} ${value}`);
  return parts.sort().join(', ') || 'none';
}

const fields: readonly Field[] = [
  { title: 'Request types', text: ({ requestTypes }) => list(requestTypes) },
  { title: 'Data sets', text: dataSetsText },
  { title: 'Home of the requester', text: ({ home }) => home ?? 'not named' },
  { title: 'Archetypes', text: ({ archetypes }) => list(archetypes) },
  { title: 'Compute providers', text: ({ computeProviders }) => list(computeProviders) },
  { title: 'What may leave', text: outputText },
  { title: 'Required steps', text: ({ requiredSteps }) => list(requiredSteps) },
  { title: 'Foreign steps', text: ({ foreignSteps }) => list(foreignSteps) },
  { title: 'Limits', text: limitsText },
  { title: 'From', text: ({ notBefore }) => notBefore ?? 'any time' },
  { title: 'Until', text: ({ expires }) => expires ?? 'no end' },
];

/** What changes for a requester between two relations, in whole sentences; none where nothing does. Pure. */
export function relationEffects(before: Relation | undefined, after: Relation | undefined): string[] {
  if (after === undefined) return before === undefined ? [] : ['Nothing could be asked any more.'];
  return fields.flatMap(({ title, text }) => {
    const is = text(after);
    if (before === undefined) return [`${title}: ${is}.`];
    const was = text(before);
    return was === is ? [] : [`${title}: ${is}; now: ${was}.`];
  });
}
