import { StarlingError } from '../../../kernel/errors/index.js';
import {
  type Approval,
  commonColumns,
  type OutputRule,
  type ProviderDecision,
  type Reason,
  strictestOutput,
} from '../approve/index.js';
import { type Chain, type Composition, type DataProviderChain, strictestLimits } from '../compose/index.js';
import { askedSteps, type Catalogue, type NormalRequest } from '../model/index.js';

/** A follow-up question, held against a job's composition. */
export interface RecheckInput {
  readonly composition: Composition;
  /** Fresh decisions on `request`, at least of the providers in the composition. */
  readonly decisions: readonly ProviderDecision[];
  /** The follow-up, normalised with the providers of the composition. */
  readonly request: NormalRequest;
  readonly catalogue: Pick<Catalogue, 'requestTypes' | 'steps'>;
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
  if (request.archetype !== undefined && request.archetype !== composition.archetype) {
    throw differs('archetype', composition.archetype, request.archetype);
  }
  if (request.computeProvider !== undefined && request.computeProvider !== composition.computeProvider) {
    throw differs('compute provider', composition.computeProvider, request.computeProvider);
  }
  const asked = askedSteps(request, catalogue);
  if (asked.join() !== composition.askedSteps.join()) {
    throw differs('the steps', composition.askedSteps.join(', '), asked.join(', '));
  }
}

/** Why a provider that still approves does not carry the composition any more. */
function lostGround(
  { archetypes, computeProviders, output, provider }: Approval,
  composition: Composition,
): Reason[] {
  const { archetype, computeProvider } = composition;
  const reasons: Reason[] = [];
  if (!archetypes.includes(archetype)) {
    const message = `${provider} does not allow archetype ${archetype} any more. Ask it as a new request, or ask the data steward of ${provider}.`;
    reasons.push({ code: 'archetype', message });
  }
  if (computeProvider !== undefined && !computeProviders.includes(computeProvider)) {
    const message = `${provider} does not allow ${computeProvider} to compute any more. Ask it as a new request, or ask the data steward of ${provider}.`;
    reasons.push({ code: 'compute-provider', message });
  }
  const chain = composition.chains.find(({ party, place }) => party === provider && place === 'dataProvider');
  if (chain?.releases === 'rows' && !output.rowsAtComputeProvider) {
    const message = `${provider} lets no rows go to a compute provider any more. Ask it as a new request, or ask the data steward of ${provider}.`;
    reasons.push({ code: 'output-form', message });
  }
  return reasons;
}

function freshDecision(party: string, decisions: readonly ProviderDecision[]): ProviderDecision {
  const found = decisions.find(({ provider }) => provider === party);
  if (found !== undefined) return found;
  const message = `${party} was not asked again. Ask it as a new request without ${party}.`;
  return { provider: party, approved: false, reasons: [{ code: 'not-asked', message }] };
}

function assertApproved(input: RecheckInput, parties: readonly string[]): Map<string, Approval> {
  const { composition, decisions, request } = input;
  const approvals = new Map<string, Approval>();
  const refusals: ProviderDecision[] = [];
  for (const party of parties) {
    const decision = freshDecision(party, decisions);
    if (!decision.approved) {
      refusals.push(decision);
      continue;
    }
    const reasons = lostGround(decision, composition);
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
    .filter(({ party, place }) => party === chain.party || place === 'computeProvider')
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
  const approvals = assertApproved(
    input,
    before.map(({ party }) => party),
  );
  const tightened = before.flatMap((chain) => {
    const approval = approvals.get(chain.party);
    if (approval === undefined) return [];
    assertSameSteps(chain, composition, approval);
    return [tightenProvider(chain, approval, request)];
  });
  const [first, ...others] = tightened.map(({ output }) => output);
  if (first === undefined || composition.computeProvider === undefined) {
    return { ...composition, chains: tightened };
  }
  return {
    ...composition,
    chains: mergedChains(composition.chains, tightened, strictestOutput([first, ...others])),
  };
}

/** One merged answer keeps the strictest rule of all, in every chain. */
function mergedChains(
  before: readonly Chain[],
  tightened: readonly DataProviderChain[],
  output: OutputRule,
): Chain[] {
  const limits = strictestLimits(tightened.map((chain) => chain.limits));
  const computing = before.filter((chain) => chain.place === 'computeProvider');
  return [
    ...tightened.map((chain) => ({ ...chain, output })),
    ...computing.map((chain) => ({ ...chain, output, limits })),
  ];
}
