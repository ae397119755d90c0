import { StarlingError } from '../../../kernel/errors/index.js';
import { type Approval, approveProvider, commonColumns } from '../approve/index.js';
import { type DataProviderChain, strictestLimits } from '../compose/index.js';
import { type Catalogue, extremeAlgorithms } from '../model/index.js';
import type { Order } from './agent.js';

/** What an agent knows by itself when it is given an order. */
export interface VerifyInput {
  readonly party: string;
  readonly order: Order;
  readonly catalogue: Catalogue;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly seen: (id: string) => boolean;
}

/**
 * Holds an order against the party's own agreement, as if nobody had decided before. Pure. Throws `order-refused` with
 * every reason in `details.reasons`.
 */
export function verifyOrder(input: VerifyInput): void {
  const { party, order, now } = input;
  const reasons: string[] = [];
  for (const meant of new Set([order.party, order.chain.party])) {
    if (meant !== party) reasons.push(`It is for ${meant}, and this is ${party}.`);
  }
  if (now >= order.expiresAt) reasons.push('Its time is over.');
  if (input.seen(order.id)) reasons.push('It was given before.');
  reasons.push(
    ...(order.chain.place === 'dataProvider' ? providerReasons(input, order.chain) : computeReasons(input)),
  );
  if (reasons.length === 0) return;
  throw new StarlingError(
    'order-refused',
    `${party} refuses the order: ${reasons.join(' ')} Ask the question again.`,
    {
      details: { party, reasons },
    },
  );
}

function providerReasons(input: VerifyInput, chain: DataProviderChain): string[] {
  const { party, order, catalogue, now } = input;
  const own = catalogue.parties.get(party);
  const agreement = catalogue.agreements.get(party);
  const dataSet = catalogue.dataSets.get(order.question.dataSet);
  if (own === undefined || dataSet === undefined)
    return [`${party} does not know data set ${order.question.dataSet}.`];
  if (agreement?.revision !== chain.agreementRevision) {
    return [
      `It rests on revision ${chain.agreementRevision} of the agreement, and ${agreement?.revision ?? 'none'} is in force.`,
    ];
  }
  const decision = approveProvider({
    provider: party,
    party: own.value,
    agreement,
    request: order.question,
    dataSet: dataSet.value,
    archetypes: catalogue.archetypes.keys(),
    now,
  });
  if (!decision.approved) return decision.reasons.map((reason) => reason.message);
  return chainReasons(order, chain, decision);
}

function chainReasons(order: Order, chain: DataProviderChain, approval: Approval): string[] {
  const reasons: string[] = [];
  if (!approval.archetypes.includes(order.archetype))
    reasons.push(`Archetype ${order.archetype} is not allowed.`);
  const { computeProvider } = order;
  if (computeProvider !== undefined && !approval.computeProviders.includes(computeProvider)) {
    reasons.push(`Compute provider ${computeProvider} is not allowed.`);
  }
  if (chain.output.minimumGroupSize < approval.output.minimumGroupSize) {
    reasons.push(
      `Groups of ${chain.output.minimumGroupSize} are smaller than the agreed ${approval.output.minimumGroupSize}.`,
    );
  }
  if (chain.output.form === 'rows' && approval.output.form !== 'rows') reasons.push('Rows may not leave.');
  if (chain.output.form === 'aggregates' && !chain.steps.some((one) => one.step === 'sql-algorithm')) {
    reasons.push('Only figures may leave, and the chain computes none.');
  }
  if (chain.output.extremes && !approval.output.extremes) reasons.push('Extremes may not leave.');
  if (chain.output.smallGroupsAtComputeProvider && !approval.output.smallGroupsAtComputeProvider)
    reasons.push('Small groups may not go to a compute provider.');
  const algorithm = order.question.algorithm?.name;
  if (algorithm !== undefined && extremeAlgorithms.has(algorithm) && !chain.output.extremes)
    reasons.push(`It asks for ${algorithm}, and its chain lets no extremes out.`);
  if (namesOtherColumns(chain, approval)) reasons.push('It names other columns than the agreement.');
  const looser = looserLimits(chain, approval);
  if (looser.length > 0) reasons.push(`It goes past the agreed limits: ${looser.join(', ')}.`);
  for (const step of approval.requiredSteps) {
    if (!chain.steps.some((one) => one.step === step))
      reasons.push(`The chain lacks the required step ${step}.`);
  }
  return reasons;
}

/** A chain may name fewer columns than the agreement: that of a job keeps to what it was composed with. */
function namesOtherColumns(chain: DataProviderChain, approval: Approval): boolean {
  const allowed = commonColumns(chain.columns, approval.columns);
  return Object.entries(chain.columns).some(
    ([table, columns]) => JSON.stringify(allowed[table]) !== JSON.stringify(columns),
  );
}

/** The limits that the chain leaves out or sets higher than the agreement, sorted. */
function looserLimits({ limits }: DataProviderChain, approval: Approval): string[] {
  const strictest = strictestLimits([limits, approval.limits]);
  const held: Readonly<Record<string, number | undefined>> = { ...limits };
  return Object.entries(strictest)
    .flatMap(([name, value]) => (held[name] === value ? [] : [name]))
    .sort();
}

function computeReasons({ party, order, catalogue }: VerifyInput): string[] {
  const reasons: string[] = [];
  if (catalogue.parties.get(party)?.value.roles.includes('computeProvider') !== true) {
    reasons.push(`${party} is not a compute provider.`);
  }
  if (order.inputs.length !== order.chain.receivesFrom.length || order.inputs.length === 0) {
    reasons.push(
      `It brings ${order.inputs.length} inputs, and ${order.chain.receivesFrom.length} are expected.`,
    );
  }
  return reasons;
}
