import { approveRequest, type ProviderDecision } from '../approve/index.js';
import { type Composition, compose } from '../compose/index.js';
import {
  type Agreement,
  type Catalogue,
  type NormalRequest,
  normaliseRequest,
  type Relation,
  type RequestBody,
} from '../model/index.js';
import { type Placement, place } from '../place/index.js';
import { consortium, openRelation, toCatalogue } from './consortium.js';

/** Who asks in tests. */
export const ada = { id: 'ada@university.example', name: 'Ada' };

/** When she asks: 2 March 2026 at 09:00 UTC, in milliseconds since 1970. */
export const askedAt = Date.UTC(2026, 2, 2, 9);

/** A question with all that was decided of it. */
export interface DecidedQuestion {
  readonly catalogue: Catalogue;
  readonly question: NormalRequest;
  readonly decisions: readonly ProviderDecision[];
  readonly placement: Placement;
  readonly composition: Composition;
}

export interface QuestionOptions {
  /** What the agreements of VU and UVA allow Ada besides, or instead of, the open relation. */
  readonly relation?: Partial<Relation>;
  /** Agreements in place of those, by provider. */
  readonly agreements?: Readonly<Record<string, Agreement>>;
  /** Parties that are not there. */
  readonly offline?: readonly string[];
}

/**
 * Decides a question of Ada's for real: normalised, approved, placed and composed over the consortium of the scenarios, in
 * which all objects are of revision 1. Throws what a refusal throws.
 */
export function decidedQuestion(
  body: Partial<RequestBody> = {},
  { relation = {}, agreements, offline = [] }: QuestionOptions = {},
): DecidedQuestion {
  const agreement = { relations: { [ada.id]: { ...openRelation, ...relation } } };
  const catalogue = toCatalogue(consortium(agreements ?? { VU: agreement, UVA: agreement }));
  const question = normaliseRequest({ user: ada, ...body }, catalogue);
  const decisions = approveRequest(question, catalogue, askedAt);
  const online = Object.fromEntries(
    [...catalogue.parties.keys()].map((party) => [party, !offline.includes(party)]),
  );
  const placement = place({ request: question, decisions, online, catalogue });
  const composition = compose({ placement, decisions, request: question, catalogue });
  return { catalogue, question, decisions, placement, composition };
}
