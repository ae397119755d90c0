import type { Approval } from '../approve/index.js';
import {
  type Archetype,
  archetypeObjections,
  type Catalogue,
  type ComputingParty,
  isForeign,
  type NormalRequest,
  type Step,
} from '../model/index.js';
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

/** An archetype with one compute provider, or without, as a place for those that nothing speaks against. */
export interface Option {
  readonly archetype: string;
  readonly weight: number;
  readonly computeProvider?: string;
  readonly against: readonly Consideration[];
  /** The participants that it is possible for, sorted. */
  readonly providers: readonly string[];
}

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

/** What speaks against an archetype, whoever computes. */
function againstArchetype(name: string, archetype: Archetype, situation: Situation): Consideration[] {
  const { request } = situation;
  const against: Consideration[] = [];
  if (request.archetype !== undefined && request.archetype !== name) {
    against.push({ message: `the request insists on ${request.archetype}` });
  }
  const { releases } = archetype.dataProvider;
  if (releases === 'partials') against.push(...unmergeable(situation));
  if (releases === 'rows') against.push(...keptRows(situation));
  if (archetype.computeProvider === undefined && request.computeProvider !== undefined) {
    const message = `it has no compute provider, and the request insists on ${request.computeProvider}`;
    against.push({ message });
  }
  return against;
}

/** What speaks against one party's computing for the participants. */
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

/** Under some archetypes one of those whose data is asked for computes. */
function notItself(
  who: ComputingParty | undefined,
  candidate: string,
  { participants }: Situation,
): Consideration[] {
  if (who !== 'dataProvider' || participants.some(({ provider }) => provider === candidate)) return [];
  return [{ message: `${candidate} is none of the data providers that take part` }];
}

/** What the archetype's rules of who asks and who computes mean for each participant. */
function objections(
  archetype: Archetype,
  computeProvider: string | undefined,
  { participants }: Situation,
): Consideration[] {
  return participants.flatMap(({ provider, user, home }) =>
    archetypeObjections(archetype, { provider, user, home, computeProvider }).map((message) => ({
      provider,
      message,
    })),
  );
}

/** Everybody who might compute, each with what speaks against it; one entry without a name where nobody does. */
function computeProviders(
  archetype: Archetype,
  situation: Situation,
): { readonly computeProvider?: string; readonly against: readonly Consideration[] }[] {
  if (archetype.computeProvider === undefined) return [{ against: [] }];
  const { who } = archetype.computeProvider;
  const { participants, request } = situation;
  const named = participants.flatMap((participant) => participant.computeProviders);
  const candidates =
    request.computeProvider === undefined ? [...new Set(named)].sort() : [request.computeProvider];
  if (candidates.length === 0) {
    const against = participants.map(({ provider }) => ({
      provider,
      message: 'allows nobody else to compute',
    }));
    return [{ against }];
  }
  return candidates.map((computeProvider) => ({
    computeProvider,
    against: [
      ...againstComputeProvider(computeProvider, situation),
      ...notItself(who, computeProvider, situation),
    ],
  }));
}

/** An archetype as options: one for each party that might compute, by name. */
export function optionsOf(name: string, archetype: Archetype, situation: Situation): Option[] {
  const closed = situation.participants.filter(({ archetypes }) => !archetypes.includes(name));
  const general = againstArchetype(name, archetype, situation);
  return computeProviders(archetype, situation).map(({ computeProvider, against: more }) => {
    // who does not allow it at all needs no further reason
    const own = objections(archetype, computeProvider, situation);
    const others = [...general, ...more, ...own].filter((reason) =>
      closed.every(({ provider }) => provider !== reason.provider),
    );
    const against = [...closed.map(notAllowed), ...others];
    const stopped = new Set(against.map(({ provider }) => provider));
    const providers = situation.participants.map(({ provider }) => provider);
    return {
      archetype: name,
      weight: archetype.weight,
      ...(computeProvider === undefined ? {} : { computeProvider }),
      against,
      providers: stopped.has(undefined) ? [] : providers.filter((provider) => !stopped.has(provider)),
    };
  });
}
