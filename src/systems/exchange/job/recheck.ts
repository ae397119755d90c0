import { StarlingError } from '../../../kernel/errors/index.js';
import {
  type Approval,
  commonColumns,
  type ProviderDecision,
  type Reason,
  strictestOutput,
} from '../approve/index.js';
import {
  type Chain,
  type Composition,
  chainsOf,
  type DataProviderChain,
  type PartChains,
  strictestLimits,
} from '../compose/index.js';
import { archetypeObjections, askedSteps, type Catalogue, type NormalRequest } from '../model/index.js';
import type { Part } from '../place/index.js';

/** A follow-up question, held against a job's composition. */
export interface RecheckInput {
  readonly composition: Composition;
  /** Fresh decisions on `request`, at least of the providers in the composition. */
  readonly decisions: readonly ProviderDecision[];
  /** The follow-up, normalised with the providers of the composition. */
  readonly request: NormalRequest;
  readonly catalogue: Pick<Catalogue, 'archetypes' | 'requestTypes' | 'steps'>;
}

function askNew(message: string, details: Readonly<Record<string, unknown>>): StarlingError {
  return new StarlingError('composition-invalid', `${message} Ask it as a new request.`, { details });
}

function assertSameQuestion({ composition, request, catalogue }: RecheckInput): void {
  const differs = (what: string, composed: string | undefined, asked: string | undefined) => {
    const message = `The job was composed for ${what} ${composed ?? 'none'}, and the follow-up asks for ${asked}.`;
    return askNew(message, { composed, asked });
  };
  if (request.requestType !== composition.requestType) {
    throw differs('request type', composition.requestType, request.requestType);
  }
  if (request.dataSet !== composition.dataSet) {
    throw differs('data set', composition.dataSet, request.dataSet);
  }
  for (const { archetype, computeProvider } of composition.parts) {
    if (request.archetype !== undefined && request.archetype !== archetype) {
      throw differs('archetype', archetype, request.archetype);
    }
    if (request.computeProvider !== undefined && request.computeProvider !== computeProvider) {
      throw differs('compute provider', computeProvider, request.computeProvider);
    }
  }
  const asked = askedSteps(request, catalogue);
  if (asked.join() !== composition.askedSteps.join()) {
    throw differs('the steps', composition.askedSteps.join(', '), asked.join(', '));
  }
}

/** Why a provider that still approves does not carry the composition any more. */
function lostGround(
  { archetypes, computeProviders, output, provider, user, home }: Approval,
  { archetype, computeProvider, releases }: DataProviderChain,
  catalogue: RecheckInput['catalogue'],
): Reason[] {
  const reasons: Reason[] = [];
  if (!archetypes.includes(archetype)) {
    const message = `${provider} does not allow archetype ${archetype} any more. Ask it as a new request, or ask the data steward of ${provider}.`;
    reasons.push({ code: 'archetype', message });
  }
  if (computeProvider !== undefined && !computeProviders.includes(computeProvider)) {
    const message = `${provider} does not allow ${computeProvider} to compute any more. Ask it as a new request, or ask the data steward of ${provider}.`;
    reasons.push({ code: 'compute-provider', message });
  }
  if (releases === 'rows' && !output.rowsAtComputeProvider) {
    const message = `${provider} lets no rows go to a compute provider any more. Ask it as a new request, or ask the data steward of ${provider}.`;
    reasons.push({ code: 'output-form', message });
  }
  const pattern = catalogue.archetypes.get(archetype)?.value;
  const under = { provider, user, home, computeProvider };
  for (const why of pattern === undefined ? [] : archetypeObjections(pattern, under)) {
    const message = `Archetype ${archetype} is not for this any more: ${provider} ${why}. Ask it as a new request, or ask the data steward of ${provider}.`;
    reasons.push({ code: 'archetype', message });
  }
  return reasons;
}

function freshDecision(party: string, decisions: readonly ProviderDecision[]): ProviderDecision {
  const found = decisions.find(({ provider }) => provider === party);
  if (found !== undefined) return found;
  const message = `${party} was not asked again. Ask it as a new request without ${party}.`;
  return { provider: party, approved: false, reasons: [{ code: 'not-asked', message }] };
}

function assertApproved(
  { decisions, request, catalogue }: RecheckInput,
  chains: readonly DataProviderChain[],
): Map<string, Approval> {
  const approvals = new Map<string, Approval>();
  const refusals: ProviderDecision[] = [];
  for (const chain of chains) {
    const { party } = chain;
    const decision = freshDecision(party, decisions);
    if (!decision.approved) {
      refusals.push(decision);
      continue;
    }
    const reasons = lostGround(decision, chain, catalogue);
    if (reasons.length === 0) approvals.set(party, decision);
    else refusals.push({ provider: party, approved: false, reasons });
  }
  if (refusals.length === 0) return approvals;
  const lines = refusals.flatMap((decision) =>
    decision.approved ? [] : decision.reasons.map(({ message }) => `\n  ${message}`),
  );
  const message = `The follow-up of ${request.user.id} is not allowed any more:${lines.join('')}`;
  throw new StarlingError('request-refused', message, { details: { decisions: refusals } });
}

function assertSameSteps(chain: DataProviderChain, composition: Composition, approval: Approval): void {
  const composed = composition.chains
    .filter((one) => one === chain || (one.place === 'computeProvider' && one.archetype === chain.archetype))
    .flatMap(({ steps }) => steps.map(({ step }) => step));
  const missing = approval.requiredSteps.filter((step) => !composed.includes(step));
  if (missing.length === 0) return;
  const message = `${chain.party} requires ${missing.join(', ')} now, which the job does not have.`;
  throw askNew(message, { provider: chain.party, steps: missing });
}

function tightenProvider(
  chain: DataProviderChain,
  approval: Approval,
  request: NormalRequest,
): DataProviderChain {
  return {
    ...chain,
    output: strictestOutput([chain.output, approval.output]),
    limits: strictestLimits([chain.limits, approval.limits, request.limits]),
    columns: commonColumns(chain.columns, approval.columns),
    agreementRevision: approval.agreementRevision,
    agreementHash: approval.agreementHash,
  };
}

/**
 * Holds a follow-up against the composition of its job and today's decisions. The chains stay as they are; their
 * rules of output, columns and limits become the strictest of what was composed and what holds now, never looser.
 *
 * Throws `request-refused` where a provider does not carry the composition any more, and `composition-invalid` where
 * the follow-up or an agreement needs other chains: then it is a new request.
 */
export function recheckJob(input: RecheckInput): Composition {
  const { composition, request } = input;
  assertSameQuestion(input);
  const before = composition.chains.filter((chain) => chain.place === 'dataProvider');
  const approvals = assertApproved(input, before);
  const tightened = before.flatMap((chain) => {
    const approval = approvals.get(chain.party);
    if (approval === undefined) return [];
    assertSameSteps(chain, composition, approval);
    return [tightenProvider(chain, approval, request)];
  });
  const parts = composition.parts.map((part) => recheckedPart(part, tightened, composition.chains));
  const providers = parts.flatMap((part) => part.providers);
  return {
    ...composition,
    chains: [
      ...providers.sort((one, other) => (one.party < other.party ? -1 : 1)),
      ...parts.flatMap(({ compute }) => (compute === undefined ? [] : [compute])),
    ],
  };
}

/** Within one merged answer every chain keeps the strictest rule of all. */
function recheckedPart(
  part: Part,
  tightened: readonly DataProviderChain[],
  before: readonly Chain[],
): PartChains {
  const { providers } = chainsOf(part, tightened);
  const { compute } = chainsOf(part, before);
  const [first, ...others] = providers.map(({ output }) => output);
  if (first === undefined || compute === undefined) return { providers };
  const output = strictestOutput([first, ...others]);
  const limits = strictestLimits(providers.map((chain) => chain.limits));
  return {
    providers: providers.map((chain) => ({ ...chain, output })),
    compute: { ...compute, output, limits },
  };
}
