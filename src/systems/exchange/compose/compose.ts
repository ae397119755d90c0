import { StarlingError } from '../../../kernel/errors/index.js';
import type { Approval, OutputRule, ProviderDecision } from '../approve/index.js';
import {
  type Archetype,
  askedSteps,
  type Catalogue,
  known,
  type NormalRequest,
  type Step,
  type StepRole,
  unitingStep,
} from '../model/index.js';
import type { Part, Placement } from '../place/index.js';
import type {
  ComposedStep,
  Composition,
  ComputeProviderChain,
  DataProviderChain,
  StepMode,
} from './composition.js';
import { strictestLimits } from './limits.js';
import { composeNotes } from './notes.js';
import { orderSteps } from './order-steps.js';
import { selectSteps } from './select-steps.js';

/** All that a composition depends on. */
export interface ComposeInput {
  readonly placement: Placement;
  /** At least those of the providers that were placed. */
  readonly decisions: readonly ProviderDecision[];
  readonly request: NormalRequest;
  readonly catalogue: Pick<Catalogue, 'archetypes' | 'requestTypes' | 'steps'>;
}

/** A provider that was placed, with its steps in order. */
interface Placed {
  readonly approval: Approval;
  readonly output: OutputRule;
  readonly steps: ReadonlyMap<string, Step>;
  readonly ordered: readonly string[];
}

/** A part with what its chains are made of. */
interface ComposedPart {
  readonly name: string;
  readonly archetype: Archetype;
  readonly computeProvider?: string;
  readonly placed: readonly Placed[];
}

/** A chain that computes figures releases no rows, also where the agreement would allow them. */
function neededOutput(output: OutputRule, request: NormalRequest): OutputRule {
  return request.form === 'aggregates' ? { ...output, form: 'aggregates' } : output;
}

function findPlaced(provider: string, wanted: readonly string[], input: ComposeInput): Placed {
  const { decisions, placement, request, catalogue } = input;
  const approval = decisions.find((decision) => decision.provider === provider);
  const output = placement.outputs[provider];
  if (approval === undefined || !approval.approved || output === undefined) {
    const message = `The placement names ${provider}, but there is no approval of it; place again with its decision.`;
    throw new StarlingError('composition-invalid', message, { details: { provider } });
  }
  const steps = selectSteps(approval, wanted, request, catalogue);
  return { approval, output: neededOutput(output, request), steps, ordered: orderSteps(steps) };
}

/** Rows of several providers become one table before anything is computed over them, asked for or not. */
function unitingSteps({ providers }: Part, { request, catalogue }: ComposeInput): string[] {
  const step = unitingStep(request.requestType, catalogue);
  if (step !== undefined) return [step];
  if (providers.length === 1) return [];
  const message = `Requests of type ${request.requestType} have no step that makes one table of the rows of ${providers.join(', ')}. Add one such as sql-aggregate to the request type, or ask one provider alone.`;
  throw new StarlingError('composition-invalid', message, {
    details: { requestType: request.requestType },
  });
}

function findPart(part: Part, asked: readonly string[], input: ComposeInput): ComposedPart {
  const { archetypes } = input.catalogue;
  const { value: archetype } = known(archetypes, part.archetype, 'archetype', 'unknown-archetype');
  const uniting = archetype.computeProvider?.receives === 'rows' ? unitingSteps(part, input) : [];
  const wanted = [...asked, ...uniting];
  return {
    name: part.archetype,
    archetype,
    ...(part.computeProvider === undefined ? {} : { computeProvider: part.computeProvider }),
    placed: [...part.providers].sort().map((provider) => findPlaced(provider, wanted, input)),
  };
}

function chainSteps(placed: Placed, roles: readonly StepRole[], modeOf: (role: StepRole) => StepMode) {
  const chain: ComposedStep[] = [];
  for (const step of placed.ordered) {
    const one = placed.steps.get(step);
    if (one === undefined || !roles.includes(one.role)) continue;
    const mode = modeOf(one.role);
    // of partials there is no figure yet that such a step could take
    if (one.takes !== 'aggregates' || mode !== 'partial') chain.push({ step, mode });
  }
  return chain;
}

function providerChain(placed: Placed, part: ComposedPart, request: NormalRequest): DataProviderChain {
  const { approval } = placed;
  const { roles, releases } = part.archetype.dataProvider;
  const modeOf = (role: StepRole): StepMode =>
    releases === 'partials' && role === 'computeProvider' ? 'partial' : 'whole';
  return {
    place: 'dataProvider',
    party: approval.provider,
    archetype: part.name,
    ...(part.computeProvider === undefined ? {} : { computeProvider: part.computeProvider }),
    steps: chainSteps(placed, roles, modeOf),
    releases,
    receivesFrom: [],
    output: placed.output,
    limits: strictestLimits([approval.limits, request.limits]),
    columns: approval.columns,
    agreementRevision: approval.agreementRevision,
    agreementHash: approval.agreementHash,
  };
}

/** The third party runs what every provider of the part has for it; they must agree on that. */
function computeChains(part: ComposedPart, chains: readonly DataProviderChain[]): ComputeProviderChain[] {
  const { name, archetype, computeProvider: party, placed } = part;
  const [first] = chains;
  const [firstPlaced, ...others] = placed;
  if (archetype.computeProvider === undefined || party === undefined) return [];
  if (first === undefined || firstPlaced === undefined) return [];
  const { roles, receives, releases } = archetype.computeProvider;
  const mode: StepMode = receives === 'partials' ? 'merge' : 'whole';
  const steps = chainSteps(firstPlaced, roles, () => mode);
  const names = (list: readonly ComposedStep[]) => list.map(({ step }) => step).join(', ');
  for (const other of others) {
    const otherSteps = chainSteps(other, roles, () => mode);
    if (names(otherSteps) === names(steps)) continue;
    const message = `${firstPlaced.approval.provider} and ${other.approval.provider} want different steps at ${party}: ${names(steps) || 'none'}; ${names(otherSteps) || 'none'}. Ask for the same steps in the request, or ask the providers apart.`;
    const details = { providers: [firstPlaced.approval.provider, other.approval.provider] };
    throw new StarlingError('composition-invalid', message, { details });
  }
  return [
    {
      place: 'computeProvider',
      party,
      archetype: name,
      steps,
      receives,
      releases,
      receivesFrom: chains.map((chain) => chain.party),
      output: first.output,
      limits: strictestLimits(chains.map(({ limits }) => limits)),
    },
  ];
}

/**
 * Puts the steps of a request into one chain per party and part: those that the request type requires, those asked for, and
 * those that a provider's own agreement requires (in its own chain only), and where rows go to a compute provider the one
 * that unites them. The result follows from the input alone.
 *
 * Throws `composition-invalid` where a provider requires a step that the request type does not have, where nothing
 * unites rows, where steps form a cycle or fit in two orders, or where one does not take what comes to it.
 */
export function compose(input: ComposeInput): Composition {
  const { placement, request, catalogue } = input;
  const asked = askedSteps(request, catalogue);
  const made = placement.parts.map((placedPart) => {
    const part = findPart(placedPart, asked, input);
    const providers = part.placed.map((placed) => providerChain(placed, part, request));
    return { part, providers, compute: computeChains(part, providers) };
  });
  const extraSteps = new Map(
    made
      .flatMap(({ part }) => part.placed)
      .map(({ approval: { provider, requiredSteps } }) => [
        provider,
        requiredSteps.filter((name) => !asked.includes(name)),
      ]),
  );
  const providers = made
    .flatMap((one) => one.providers)
    .sort((one, other) => (one.party < other.party ? -1 : 1));
  const chains = [...providers, ...made.flatMap(({ compute }) => compute)];
  return {
    requestType: request.requestType,
    dataSet: request.dataSet,
    parts: placement.parts,
    askedSteps: asked,
    chains,
    notes: composeNotes(placement, chains, extraSteps),
  };
}
