import { type ErrorRecord, StarlingError } from '../../../kernel/errors/index.js';
import { approveRequest, type ProviderDecision } from '../approve/index.js';
import { type Composition, compose } from '../compose/index.js';
import {
  asRequested,
  type Catalogue,
  type NormalRequest,
  normaliseRequest,
  type RequestBody,
} from '../model/index.js';
import { type Part, place } from '../place/index.js';

/** What holds now. */
export interface Situation {
  readonly catalogue: Catalogue;
  /** By party, whether its agent is connected; who is not named has no agent at all. */
  readonly online: Readonly<Record<string, boolean>>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What would come of a question now: its composition, or why there is none. */
export interface ComposedAgain {
  readonly decisions: readonly ProviderDecision[];
  readonly composition?: Composition;
  readonly error?: ErrorRecord;
}

/** The question as it was asked, of those parties that are still known: what it names is looked up again. */
function asBody(question: NormalRequest, { parties }: Catalogue): RequestBody {
  const { user, requestType, dataSet, query, queryGiven, algorithm, options, limits } = question;
  const { archetype, computeProvider, mixedArchetypes, allowPartial } = question;
  const known = question.dataProviders.filter((party) => parties.has(party));
  return {
    user,
    requestType,
    dataSet,
    dataProviders: known.length > 0 ? known : [...question.dataProviders],
    ...(queryGiven ? { query } : {}),
    ...(algorithm === undefined ? {} : { algorithm: asRequested(algorithm) }),
    options: Object.fromEntries(options.map((option) => [option, true])),
    ...(archetype === undefined ? {} : { archetype }),
    ...(computeProvider === undefined ? {} : { computeProvider }),
    ...(mixedArchetypes === undefined ? {} : { mixedArchetypes }),
    ...(allowPartial === undefined ? {} : { allowPartial }),
    limits,
  };
}

/**
 * Parties that take part count as there while they are merely offline: that ends nothing, and a follow-up reports them.
 */
function presence(composition: Composition, online: Situation['online']): Record<string, boolean> {
  const parties = composition.chains.map(({ party }) => party);
  return Object.fromEntries(
    Object.entries(online).map(([party, there]) => [party, there || parties.includes(party)]),
  );
}

/**
 * The question, for the places of a composition only: who takes part there anew is welcome. A follow-up need not say again
 * that archetypes may be mixed.
 */
function insisting(asked: NormalRequest, [only, ...others]: readonly Part[]): NormalRequest {
  if (only === undefined) return asked;
  if (others.length > 0) return { ...asked, mixedArchetypes: true };
  const { archetype, computeProvider } = only;
  return { ...asked, archetype, ...(computeProvider === undefined ? {} : { computeProvider }) };
}

/** What is placed may insist on more than what is approved: that a provider withdrew a place is no refusal of it. */
function attempt(
  question: NormalRequest,
  composition: Composition,
  situation: Situation,
  inPlace: boolean,
): ComposedAgain {
  const { catalogue, now } = situation;
  let decisions: readonly ProviderDecision[] = [];
  try {
    const asked = normaliseRequest(asBody(question, catalogue), catalogue);
    decisions = approveRequest(asked, catalogue, now);
    const online = presence(composition, situation.online);
    const { parts } = composition;
    const request = inPlace ? insisting(asked, parts) : asked;
    const keep = inPlace && parts.length > 1 ? { keep: parts } : {};
    const placement = place({ request, decisions, online, catalogue, ...keep });
    return { decisions, composition: compose({ placement, decisions, request, catalogue }) };
  } catch (thrown) {
    if (!(thrown instanceof StarlingError)) throw thrown;
    return { decisions, error: thrown.toRecord() };
  }
}

/** Composes a question in the place that it has; where that is not possible any more, `error` says why. Pure. */
export function composeInPlace(
  question: NormalRequest,
  composition: Composition,
  situation: Situation,
): ComposedAgain {
  return attempt(question, composition, situation, true);
}

/** Composes a question in the place that it has, else wherever a new request would be placed. Pure. */
export function composeAgain(
  question: NormalRequest,
  composition: Composition,
  situation: Situation,
): ComposedAgain {
  const inPlace = composeInPlace(question, composition, situation);
  if (inPlace.composition !== undefined) return inPlace;
  return attempt(question, composition, situation, false);
}
