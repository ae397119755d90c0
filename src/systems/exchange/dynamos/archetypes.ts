import type { Archetype } from '../model/index.js';
import type { DynamosArchetype } from './forms.js';

/**
 * The pattern that DYNAMOS means: who computes is each data provider, or somebody other over their rows. One that is there
 * already and places computing likewise keeps its own pattern, and gets the weight.
 */
export function toArchetype(
  { name, computeProvider, weight }: DynamosArchetype,
  existing?: Archetype,
): Archetype {
  const elsewhere = computeProvider === 'other';
  if (existing !== undefined && (existing.computeProvider !== undefined) === elsewhere)
    return { ...existing, weight: 0 - weight };
  if (elsewhere) {
    return {
      title: name,
      description:
        'Each provider lets its rows go to a third party, which computes one answer over all of them.',
      weight: 0 - weight,
      dataProvider: { roles: ['dataProvider'], releases: 'rows' },
      computeProvider: { roles: ['computeProvider'], receives: 'rows', releases: 'answer' },
    };
  }
  return {
    title: name,
    description: 'Each provider computes at its own data and releases its own answer.',
    weight: 0 - weight,
    dataProvider: { roles: ['dataProvider', 'computeProvider'], releases: 'answer' },
  };
}

/** An archetype in DYNAMOS's form. */
export function fromArchetype(name: string, { computeProvider, weight }: Archetype): DynamosArchetype {
  return {
    name,
    computeProvider: computeProvider === undefined ? 'dataProvider' : 'other',
    resultRecipient: 'requestor',
    weight: 0 - weight,
  };
}
