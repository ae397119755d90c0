import { type Approval, type OutputRule, type ProviderDecision, strictestOutput } from '../approve/index.js';
import {
  askedSteps,
  type Catalogue,
  known,
  type NormalRequest,
  type Step,
  unitingStep,
} from '../model/index.js';
import { type Option, optionsOf, type Situation } from './consider.js';
import { cover } from './cover.js';
import { explainArchetypes } from './explain-archetypes.js';
import type { Part, Placement } from './placement.js';
import { allAbsent, compareText, nobodyApproves, noCommonArchetype } from './refusals.js';

/** All that a placement depends on; the order of `decisions` is of no consequence. */
export interface PlaceInput {
  readonly decisions: readonly ProviderDecision[];
  /** By party, whether its agent is there; who is not named is offline. */
  readonly online: Readonly<Record<string, boolean>>;
  readonly catalogue: Pick<Catalogue, 'archetypes' | 'steps' | 'requestTypes' | 'parties'>;
  readonly request: NormalRequest;
  /** Parts to keep to: each provider stays in its own, and there are no others. Default: any. */
  readonly keep?: readonly Part[];
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

/** Highest weight first, then by name of the archetype and of the compute provider. */
function byRank(one: Option, other: Option): number {
  return (
    other.weight - one.weight ||
    compareText(one.archetype, other.archetype) ||
    compareText(one.computeProvider ?? '', other.computeProvider ?? '')
  );
}

/** What is left of options where each provider stays in its own part. */
function kept(options: readonly Option[], keep: readonly Part[]): Option[] {
  return options.flatMap((option) => {
    const part = keep.find(
      ({ archetype, computeProvider }) =>
        archetype === option.archetype && computeProvider === option.computeProvider,
    );
    if (part === undefined) return [];
    return [
      { ...option, providers: option.providers.filter((provider) => part.providers.includes(provider)) },
    ];
  });
}

/** Within a merged answer the strictest rule of all holds; who answers alone keeps its own. */
function outputs(
  parts: readonly Part[],
  participants: readonly Approval[],
): Readonly<Record<string, OutputRule>> {
  const all = parts.flatMap(({ computeProvider, providers }) => {
    const own = participants.filter(({ provider }) => providers.includes(provider));
    const [first, ...others] = own.map(({ output }) => output);
    const strictest =
      first === undefined || computeProvider === undefined ? undefined : strictestOutput([first, ...others]);
    return own.map(({ provider, output }) => [provider, strictest ?? output] as const);
  });
  return Object.fromEntries(all.sort(([one], [other]) => compareText(one, other)));
}

/**
 * Chooses the archetype, the compute provider and the rules of output. Only approved providers that are online count; an
 * archetype counts for a provider where it allows it and, where it needs one, allows a compute provider that is there. One
 * archetype with one compute provider is taken for all: the one asked for, else that of the highest weight, else the first
 * by name. Where there is none and the request allows mixed archetypes, providers are divided into as few parts as
 * possible (see `cover`).
 *
 * Throws `request-refused`, `provider-unavailable` or `no-common-archetype`, each with its reasons in the details.
 */
export function place(input: PlaceInput): Placement {
  const { online, catalogue, request, keep } = input;
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
  const all = [...catalogue.archetypes]
    .flatMap(([name, { value }]) => optionsOf(name, value, situation))
    .sort(byRank);
  const options = keep === undefined ? all : kept(all, keep);
  const providers = participants.map(({ provider }) => provider);
  const mixed = request.mixedArchetypes === true;
  const parts = cover(options, providers, mixed ? providers.length : 1);
  const considered = explainArchetypes(all, parts ?? [], request);
  if (parts === undefined) {
    throw noCommonArchetype(
      providers,
      considered,
      mixed ? undefined : cover(options, providers, providers.length),
    );
  }
  return { parts, absent, outputs: outputs(parts, participants), considered };
}
