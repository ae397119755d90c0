import type { Approval } from '../approve/index.js';
import { type Archetype, type Catalogue, isForeign, type NormalRequest, type Step } from '../model/index.js';
import type { Consideration } from './placement.js';

/** What an archetype is held against. */
export interface Situation {
  /** Approved and online; sorted by provider, at least one. */
  readonly participants: readonly [Approval, ...Approval[]];
  readonly online: Readonly<Record<string, boolean>>;
  readonly parties: Catalogue['parties'];
  readonly request: NormalRequest;
  /** The steps that run with the role computeProvider, by name. */
  readonly computeSteps: ReadonlyMap<string, Step>;
  /** Whether the request type has a step that unites rows. */
  readonly unites: boolean;
}

/** An archetype that can be used, with its compute provider where it has one; or why it cannot. */
export type Verdict =
  | { readonly usable: true; readonly computeProvider?: string }
  | { readonly usable: false; readonly why: readonly Consideration[] };

const isOnline = (online: Situation['online'], party: string): boolean =>
  Object.hasOwn(online, party) && online[party] === true;

function notAllowed({ provider, archetypes }: Approval): Consideration {
  const message = `does not allow it; allows ${archetypes.join(', ') || 'no archetype that is known'}`;
  return { provider, message };
}

function unmergeable({ computeSteps }: Situation): Consideration[] {
  if (computeSteps.size === 0) {
    const message = 'its partial figures come from an algorithm, and the request has none; add an algorithm';
    return [{ message }];
  }
  return [...computeSteps]
    .filter(([, step]) => isForeign(step) || step.mergeable !== true)
    .map(([name]) => ({ message: `step ${name} has no partial form that can be merged` }));
}

/** What keeps rows from going to a compute provider. */
function keptRows({ participants, unites, request }: Situation): Consideration[] {
  const kept: Consideration[] = participants
    .filter(({ output }) => output.rowsAtComputeProvider !== true)
    .map(({ provider }) => ({ provider, message: 'lets no rows go to a compute provider' }));
  if (!unites && participants.length > 1) {
    const message = `requests of type ${request.requestType} have no step that makes one table of the rows of several providers`;
    kept.push({ message });
  }
  return kept;
}

/** Why one party cannot compute for the participants; empty where it can. */
function againstComputeProvider(candidate: string, situation: Situation): Consideration[] {
  const party = situation.parties.get(candidate)?.value;
  if (party === undefined) return [{ message: `compute provider ${candidate} is not a known party` }];
  if (!party.roles.includes('computeProvider')) {
    return [{ message: `${candidate} does not have the role computeProvider` }];
  }
  const against: Consideration[] = situation.participants
    .filter(({ computeProviders }) => !computeProviders.includes(candidate))
    .map(({ provider, computeProviders }) => ({
      provider,
      message: `does not allow ${candidate} to compute; allows ${computeProviders.join(', ') || 'nobody'}`,
    }));
  if (!isOnline(situation.online, candidate)) {
    against.push({ message: `compute provider ${candidate} is offline` });
  }
  return against;
}

function findComputeProvider(situation: Situation): Verdict {
  const { participants, request } = situation;
  const named = participants.flatMap(({ computeProviders }) => computeProviders);
  const candidates =
    request.computeProvider === undefined ? [...new Set(named)].sort() : [request.computeProvider];
  if (candidates.length === 0) {
    const why = participants.map(({ provider }) => ({ provider, message: 'allows nobody else to compute' }));
    return { usable: false, why };
  }
  const why: Consideration[] = [];
  for (const candidate of candidates) {
    const against = againstComputeProvider(candidate, situation);
    if (against.length === 0) return { usable: true, computeProvider: candidate };
    why.push(...against);
  }
  return { usable: false, why };
}

/** Holds one archetype against the situation, but for who allows it. */
function possible(name: string, archetype: Archetype, situation: Situation): Verdict {
  const { request } = situation;
  const why: Consideration[] = [];
  if (request.archetype !== undefined && request.archetype !== name) {
    why.push({ message: `the request insists on ${request.archetype}` });
  }
  const { releases } = archetype.dataProvider;
  if (releases === 'partials') why.push(...unmergeable(situation));
  if (releases === 'rows') why.push(...keptRows(situation));
  if (archetype.computeProvider === undefined) {
    if (request.computeProvider !== undefined) {
      why.push({
        message: `it has no compute provider, and the request insists on ${request.computeProvider}`,
      });
    }
    return why.length === 0 ? { usable: true } : { usable: false, why };
  }
  const found = findComputeProvider(situation);
  if (!found.usable) why.push(...found.why);
  return why.length === 0 ? found : { usable: false, why };
}

/** Holds one archetype against the situation; the compute provider is the asked one, else the first by name. */
export function consider(name: string, archetype: Archetype, situation: Situation): Verdict {
  const verdict = possible(name, archetype, situation);
  const closed = situation.participants.filter(({ archetypes }) => !archetypes.includes(name));
  if (closed.length === 0) return verdict;
  // who does not allow it at all needs no further reason
  const others = verdict.usable
    ? []
    : verdict.why.filter((reason) => closed.every(({ provider }) => provider !== reason.provider));
  return { usable: false, why: [...closed.map(notAllowed), ...others] };
}
