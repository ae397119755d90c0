import { type Approval, type OutputRule, type ProviderDecision, strictestOutput } from '../approve/index.js';
import {
  type Archetype,
  askedSteps,
  type Catalogue,
  known,
  type NormalRequest,
  type Step,
  unitingStep,
} from '../model/index.js';
import { consider, type Situation, type Verdict } from './consider.js';
import type { ConsideredArchetype, Placement } from './placement.js';
import { allAbsent, compareText, nobodyApproves, noCommonArchetype } from './refusals.js';

/** All that a placement depends on; the order of `decisions` is of no consequence. */
export interface PlaceInput {
  readonly decisions: readonly ProviderDecision[];
  /** By party, whether its agent is there; who is not named is offline. */
  readonly online: Readonly<Record<string, boolean>>;
  readonly catalogue: Pick<Catalogue, 'archetypes' | 'steps' | 'requestTypes' | 'parties'>;
  readonly request: NormalRequest;
}

interface Candidate {
  readonly name: string;
  readonly archetype: Archetype;
  readonly verdict: Verdict;
}

/** Steps that run with the role computeProvider: asked for by the request, or required by a participant. */
function computeSteps({ request, catalogue }: PlaceInput, participants: readonly Approval[]) {
  const required = participants.flatMap(({ requiredSteps }) => requiredSteps);
  const steps = new Map<string, Step>();
  for (const name of new Set([...askedSteps(request, catalogue), ...required])) {
    const step = catalogue.steps.get(name)?.value;
    if (step?.role === 'computeProvider') steps.set(name, step);
  }
  return steps;
}

function choose(candidates: readonly Candidate[]): Candidate | undefined {
  const usable = candidates.filter(({ verdict }) => verdict.usable);
  return usable.sort(
    (one, other) => other.archetype.weight - one.archetype.weight || compareText(one.name, other.name),
  )[0];
}

function explain(
  candidate: Candidate,
  chosen: Candidate | undefined,
  request: NormalRequest,
): ConsideredArchetype {
  const { name, archetype, verdict } = candidate;
  if (!verdict.usable) return { archetype: name, chosen: false, why: verdict.why };
  const { weight } = archetype;
  if (candidate !== chosen) {
    const better = chosen?.name ?? '';
    const message =
      chosen?.archetype.weight === weight
        ? `is possible; ${better} has the same weight, ${weight}, and comes first by name`
        : `is possible; ${better} has a higher weight, ${chosen?.archetype.weight} over ${weight}`;
    return { archetype: name, chosen: false, why: [{ message }] };
  }
  const why =
    request.archetype === name
      ? 'the request asks for it'
      : `of those possible it has the highest weight, ${weight}`;
  return { archetype: name, chosen: true, why: [{ message: why }] };
}

function outputs(
  participants: Situation['participants'],
  merged: boolean,
): Readonly<Record<string, OutputRule>> {
  const [first, ...others] = participants;
  const strictest = strictestOutput([first.output, ...others.map(({ output }) => output)]);
  return Object.fromEntries(
    participants.map(({ provider, output }) => [provider, merged ? strictest : output]),
  );
}

/**
 * Chooses the archetype, the compute provider and the rules of output. Only approved providers that are online count;
 * an archetype counts where all of them allow it and, where it needs one, a compute provider is there that all of
 * them allow. The one asked for, else the highest weight, else the first by name.
 *
 * Throws `request-refused`, `provider-unavailable` or `no-common-archetype`, each with its reasons in the details.
 */
export function place(input: PlaceInput): Placement {
  const { online, catalogue, request } = input;
  const decisions = [...input.decisions].sort((one, other) => compareText(one.provider, other.provider));
  const approved = decisions.filter((decision) => decision.approved);
  if (approved.length === 0) throw nobodyApproves(request, decisions);
  const isOnline = ({ provider }: Approval) => Object.hasOwn(online, provider) && online[provider] === true;
  const absent = approved.filter((decision) => !isOnline(decision)).map(({ provider }) => provider);
  const [first, ...others] = approved.filter(isOnline);
  if (first === undefined) throw allAbsent(absent, decisions);
  const participants: Situation['participants'] = [first, ...others];

  if (request.archetype !== undefined) {
    known(catalogue.archetypes, request.archetype, 'archetype', 'unknown-archetype');
  }
  const situation: Situation = {
    participants,
    online,
    parties: catalogue.parties,
    request,
    computeSteps: computeSteps(input, participants),
    unites: unitingStep(request.requestType, catalogue) !== undefined,
  };
  const candidates = [...catalogue.archetypes]
    .sort(([one], [other]) => compareText(one, other))
    .map(([name, { value }]) => ({ name, archetype: value, verdict: consider(name, value, situation) }));
  const chosen = choose(candidates);
  const considered = candidates.map((candidate) => explain(candidate, chosen, request));
  if (chosen === undefined || !chosen.verdict.usable) throw noCommonArchetype(participants, considered);

  const { computeProvider } = chosen.verdict;
  return {
    archetype: chosen.name,
    ...(computeProvider === undefined ? {} : { computeProvider }),
    providers: participants.map(({ provider }) => provider),
    absent,
    outputs: outputs(participants, computeProvider !== undefined),
    considered,
  };
}
