import { StarlingError } from '../../kernel/errors/index.js';
import type { Caller } from '../../kernel/identity/index.js';
import type { Explanation, Job, RequestRecord } from '../../systems/exchange/index.js';
import { stewardedParties } from './access-rule.js';

/**
 * How much of a request or job somebody sees: all of it; all but the answer; or what is about `parties`, which the
 * person is a steward of.
 */
export type Insight = 'all' | 'no answer' | { readonly parties: readonly string[] };

/** Whose a request or job is, and whose data or machines it uses. */
export interface Concerned {
  /** The person who asked. */
  readonly owner: string;
  readonly parties: readonly string[];
}

/** Whom a request concerns: everybody whom it asked, and where it was placed. */
export function requestConcerns({ user, question, composition }: RequestRecord): Concerned {
  const placed = composition?.chains.map(({ party }) => party) ?? [];
  return { owner: user.id, parties: [...new Set([...question.dataProviders, ...placed])] };
}

/** Whom a job concerns. */
export function jobConcerns({ user, composition }: Job): Concerned {
  return { owner: user.id, parties: [...new Set(composition.chains.map(({ party }) => party))] };
}

/** How much the caller sees; `undefined` where it is nothing. In open mode there is no caller, and all is seen. */
export function insightInto({ owner, parties }: Concerned, caller: Caller | undefined): Insight | undefined {
  if (caller === undefined || isOwner(owner, caller)) return 'all';
  const { roles } = caller.person;
  if (roles.includes('operator')) return 'no answer';
  const own = stewardedParties(roles).filter((party) => parties.includes(party));
  return own.length === 0 ? undefined : { parties: own };
}

/** As `insightInto`; throws `not-yours` where it is nothing. */
export function assertInsight(concerned: Concerned, caller: Caller | undefined): Insight {
  return insightInto(concerned, caller) ?? refuse(caller);
}

/** Throws `not-yours` where the caller is not the person who asked. */
export function assertOwner({ owner }: Concerned, caller: Caller | undefined): void {
  if (caller !== undefined && !isOwner(owner, caller)) refuse(caller);
}

/** What is seen of a request's record. */
export function visibleRecord(record: RequestRecord, insight: Insight): RequestRecord {
  if (insight === 'all') return record;
  if (insight === 'no answer') return { ...record, results: [] };
  const { error: _error, placement, ...others } = record;
  const own = new Set(insight.parties);
  const absent = placement?.absent.filter((party) => own.has(party)) ?? [];
  return {
    ...others,
    ...(placement === undefined
      ? {}
      : { placement: { ...placement, absent, parts: ownParts(placement.parts, own) } }),
    decisions: record.decisions.filter(({ provider }) => own.has(provider)),
    results: [],
  };
}

/** What is seen of an explanation. Why others refused, and what was weighed for all, is not for one party's steward. */
export function visibleExplanation(explanation: Explanation, insight: Insight): Explanation {
  if (typeof insight === 'string') return explanation;
  const { error: _error, ...others } = explanation;
  const own = new Set(insight.parties);
  return {
    ...others,
    providers: explanation.providers.filter(({ provider }) => own.has(provider)),
    archetypes: explanation.archetypes
      .filter(({ chosen }) => chosen)
      .map((archetype) => ({ ...archetype, because: [] })),
    parts: ownParts(explanation.parts, own),
    chains: explanation.chains.filter(({ party }) => own.has(party)),
    crossings: explanation.crossings.filter(({ from, to }) => own.has(from) || own.has(to)),
    notes: [],
  };
}

/** What is seen of a job. */
export function visibleJob(job: Job, insight: Insight): Job {
  if (typeof insight === 'string') return job;
  const { composition } = job;
  const chains = composition.chains.filter(({ party }) => insight.parties.includes(party));
  const parts = ownParts(composition.parts, new Set(insight.parties));
  return { ...job, composition: { ...composition, parts, chains, notes: [] } };
}

/** The parts that a party of `own` provides for or computes in, with the others in them left out. */
function ownParts(parts: Explanation['parts'], own: ReadonlySet<string>): Explanation['parts'] {
  return parts.flatMap((part) => {
    const providers = part.providers.filter((party) => own.has(party));
    const computes = part.computeProvider !== undefined && own.has(part.computeProvider);
    return providers.length > 0 || computes ? [{ ...part, providers }] : [];
  });
}

function isOwner(owner: string, { person }: Caller): boolean {
  return person.id === owner && person.roles.includes('requester');
}

function refuse(caller: Caller | undefined): never {
  const who = caller?.person.id ?? 'You';
  throw new StarlingError(
    'not-yours',
    `${who} did not ask this, and has no role that may see it. List your own requests to find what is yours.`,
  );
}
