import {
  type Agreement,
  agreementHash,
  agreement as agreementSchema,
} from '../../../src/systems/exchange/model/index.js';
import { type Random, whole } from '../../lab/seeded.js';
import { ada } from '../consortium.js';

/** Every archetype that the example's agreements allow Ada. */
export const everyArchetype = ['computeToData', 'federatedAggregate', 'dataThroughTtp'] as const;

/** What an owner may put: what it allows Ada, and how it says so where that is nothing. */
export interface Variant {
  readonly allowed: readonly string[];
  readonly how?: 'denied' | 'no relation';
}

const narrower: readonly Variant[] = [
  { allowed: ['computeToData'] },
  { allowed: ['computeToData', 'federatedAggregate'] },
  { allowed: ['federatedAggregate', 'dataThroughTtp'] },
  { allowed: [], how: 'denied' },
  { allowed: [], how: 'no relation' },
];

/** What an owner puts next: mostly all again after less, and less after all. */
export function nextVariant(random: Random, { allowed: before }: Variant): Variant {
  const [isAll, which] = [random(), whole(random, 0, narrower.length)];
  const backShare = before.length < everyArchetype.length ? 0.75 : 0.25;
  return isAll < backShare ? { allowed: everyArchetype } : (narrower[which] ?? { allowed: everyArchetype });
}

/** The agreement of a variant; its title has the number of the change, so that no two are the same. */
export function agreementOf(base: Agreement, { allowed, how }: Variant, number: number): Agreement {
  const { [ada]: relation, ...others } = base.relations;
  if (relation === undefined) throw new Error('The agreement to begin with has no relation with Ada.');
  const relations =
    how === 'no relation' ? others : { ...others, [ada]: { ...relation, archetypes: [...everyArchetype] } };
  const title = `${base.title}, ${number}`;
  if (how === 'denied') return { ...base, title, relations, denied: { ...base.denied, [ada]: 'For now.' } };
  if (how === 'no relation') return { ...base, title, relations };
  return { ...base, title, relations: { ...others, [ada]: { ...relation, archetypes: [...allowed] } } };
}

/** What an agent's audit log calls an agreement. */
export function loggedHash(given: Agreement): string {
  return agreementHash(agreementSchema.parse(given));
}
