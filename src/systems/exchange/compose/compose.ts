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
import type { Placement } from '../place/index.js';
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
interface Part {
  readonly approval: Approval;
  readonly output: OutputRule;
  readonly steps: ReadonlyMap<string, Step>;
  readonly ordered: readonly string[];
}

/** A chain that computes figures releases no rows, also where the agreement would allow them. */
function neededOutput(output: OutputRule, request: NormalRequest): OutputRule {
  return request.form === 'aggregates' ? { ...output, form: 'aggregates' } : output;
}

function findPart(
  provider: string,
  asked: readonly string[],
  archetype: Archetype,
  input: ComposeInput,
): Part {
  const { decisions, placement, request, catalogue } = input;
  const approval = decisions.find((decision) => decision.provider === provider);
  const output = placement.outputs[provider];
  if (approval === undefined || !approval.approved || output === undefined) {
    const message = `The placement names ${provider}, but there is no approval of it; place again with its decision.`;
    throw new StarlingError('composition-invalid', message, { details: { provider } });
  }
  const uniting = archetype.computeProvider?.receives === 'rows' ? unitingSteps(input) : [];
  const steps = selectSteps(approval, [...asked, ...uniting], request, catalogue);
  return { approval, output: neededOutput(output, request), steps, ordered: orderSteps(steps) };
}

/** Rows of several providers become one table before anything is computed over them, asked for or not. */
function unitingSteps({ placement, request, catalogue }: ComposeInput): string[] {
  const step = unitingStep(request.requestType, catalogue);
  if (step !== undefined) return [step];
  if (placement.providers.length === 1) return [];
  const message = `Requests of type ${request.requestType} have no step that makes one table of the rows of ${placement.providers.join(', ')}. Add one such as sql-aggregate to the request type, or ask one provider alone.`;
  throw new StarlingError('composition-invalid', message, { details: { requestType: request.requestType } });
}

function chainSteps(part: Part, roles: readonly StepRole[], modeOf: (role: StepRole) => StepMode) {
  const chain: ComposedStep[] = [];
  for (const step of part.ordered) {
    const role = part.steps.get(step)?.role;
    if (role !== undefined && roles.includes(role)) chain.push({ step, mode: modeOf(role) });
  }
  return chain;
}

function providerChain(part: Part, archetype: Archetype, request: NormalRequest): DataProviderChain {
  const { approval } = part;
  const { roles, releases } = archetype.dataProvider;
  const modeOf = (role: StepRole): StepMode =>
    releases === 'partials' && role === 'computeProvider' ? 'partial' : 'whole';
  return {
    place: 'dataProvider',
    party: approval.provider,
    steps: chainSteps(part, roles, modeOf),
    releases,
    receivesFrom: [],
    output: part.output,
    limits: strictestLimits([approval.limits, request.limits]),
    columns: approval.columns,
    agreementRevision: approval.agreementRevision,
    agreementHash: approval.agreementHash,
  };
}

/** The third party runs what every provider's part has for it; the parts must agree on that. */
function computeChain(
  party: string,
  parts: readonly Part[],
  chains: readonly DataProviderChain[],
  archetype: Archetype,
): ComputeProviderChain[] {
  const [first] = chains;
  const [firstPart, ...otherParts] = parts;
  if (archetype.computeProvider === undefined || first === undefined || firstPart === undefined) return [];
  const { roles, receives, releases } = archetype.computeProvider;
  const mode: StepMode = receives === 'partials' ? 'merge' : 'whole';
  const steps = chainSteps(firstPart, roles, () => mode);
  const names = (list: readonly ComposedStep[]) => list.map(({ step }) => step).join(', ');
  for (const part of otherParts) {
    const others = chainSteps(part, roles, () => mode);
    if (names(others) === names(steps)) continue;
    const message = `${firstPart.approval.provider} and ${part.approval.provider} want different steps at ${party}: ${names(steps) || 'none'}; ${names(others) || 'none'}. Ask for the same steps in the request, or ask the providers apart.`;
    const details = { providers: [firstPart.approval.provider, part.approval.provider] };
    throw new StarlingError('composition-invalid', message, { details });
  }
  return [
    {
      place: 'computeProvider',
      party,
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
 * Puts the steps of a request into one chain per party: those that the request type requires, those asked for, and
 * those that a provider's own agreement requires (in its own chain only), and where rows go to a compute provider the one
 * that unites them. The result follows from the input alone.
 *
 * Throws `composition-invalid` where a provider requires a step that the request type does not have, where nothing
 * unites rows, where steps form a cycle or fit in two orders, or where one does not take what comes to it.
 */
export function compose(input: ComposeInput): Composition {
  const { placement, request, catalogue } = input;
  const { value: archetype } = known(
    catalogue.archetypes,
    placement.archetype,
    'archetype',
    'unknown-archetype',
  );
  const asked = askedSteps(request, catalogue);
  const parts = [...placement.providers]
    .sort()
    .map((provider) => findPart(provider, asked, archetype, input));
  const chains = parts.map((part) => providerChain(part, archetype, request));
  const { computeProvider } = placement;
  const merging =
    computeProvider === undefined ? [] : computeChain(computeProvider, parts, chains, archetype);
  const extraSteps = new Map(
    parts.map(({ approval }) => [
      approval.provider,
      approval.requiredSteps.filter((name) => !asked.includes(name)),
    ]),
  );
  return {
    requestType: request.requestType,
    dataSet: request.dataSet,
    archetype: placement.archetype,
    ...(computeProvider === undefined ? {} : { computeProvider }),
    askedSteps: asked,
    chains: [...chains, ...merging],
    notes: composeNotes(placement, chains, extraSteps),
  };
}
