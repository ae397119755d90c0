import { type Approval, approveProvider, commonColumns } from '../approve/index.js';
import {
  type Chain,
  type ComputeProviderChain,
  type DataProviderChain,
  strictestLimits,
} from '../compose/index.js';
import {
  agreementHash,
  archetypeObjections,
  type Catalogue,
  dataSetHash,
  extremeAlgorithms,
  isForeign,
} from '../model/index.js';
import type { OrderClaims } from '../order/index.js';
import type { SignedAgreement } from './agent.js';

/** What a party holds an order against: its own agreement, and what it declares itself. */
export interface OwnGround {
  readonly party: string;
  /** The agreement in force; none where the party never had one. */
  readonly agreement: Pick<SignedAgreement, 'agreement' | 'version'> | undefined;
  /** Data sets, archetypes and parties, as the party knows them; agreements in it do not count. */
  readonly declarations: Catalogue;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Why a party refuses an order, in whole sentences; empty where it takes it. `unsound` are the reasons that lie in the order
 * itself, and `seen` says whether one with its id was given before. Pure.
 */
export function refusalReasons(
  { claims, reasons: unsound }: { readonly claims: OrderClaims; readonly reasons: readonly string[] },
  own: OwnGround,
  seen: boolean,
): string[] {
  return [...unsound, ...groundReasons(claims, own), ...(seen ? ['It was given before.'] : [])];
}

/**
 * Why a party's own agreement and declarations do not bear an order, as if nobody had decided before; in whole sentences,
 * and empty where they do. Pure.
 */
export function groundReasons(claims: OrderClaims, own: OwnGround): string[] {
  if (claims.chain.place === 'dataProvider') {
    const other = otherVersion(claims, claims.chain, own);
    if (other !== undefined) return [...dataSetReasons(claims, own), other];
  }
  return lostReasons(claims, own);
}

/**
 * Why an order that was taken would not be allowed any more. Other than `groundReasons`, another version of the agreement
 * is well where it still allows the same. Pure.
 */
export function lostReasons(claims: OrderClaims, own: OwnGround): string[] {
  const rules =
    claims.chain.place === 'dataProvider'
      ? providerReasons(claims, claims.chain, own)
      : computeReasons(claims.chain, own);
  return [...dataSetReasons(claims, own), ...rules];
}

function otherVersion(
  { agreement: rests }: OrderClaims,
  chain: DataProviderChain,
  { party, agreement }: OwnGround,
): string | undefined {
  const own = agreement?.agreement ?? undefined;
  if (agreement === undefined || own === undefined)
    return `It rests on an agreement, and ${party} has none in force.`;
  const hash = agreementHash(own);
  if (rests === hash && chain.agreementHash === hash) return undefined;
  return `It rests on another version of the agreement than is in force at ${party} (version ${agreement.version}): ask again once the gateway has heard of it.`;
}

function dataSetReasons({ dataSet, question }: OrderClaims, { party, declarations }: OwnGround): string[] {
  const known = declarations.dataSets.get(question.dataSet);
  if (known === undefined) return [`${party} does not know data set ${question.dataSet}.`];
  if (dataSetHash(known.value) === dataSet) return [];
  return [`Data set ${question.dataSet} is declared otherwise at ${party} than the gateway takes it to be.`];
}

function providerReasons(claims: OrderClaims, chain: DataProviderChain, own: OwnGround): string[] {
  const { party, agreement, declarations, now } = own;
  const provider = declarations.parties.get(party)?.value;
  const dataSet = declarations.dataSets.get(claims.question.dataSet)?.value;
  if (provider === undefined) return [`${party} does not know itself as a party.`];
  if (dataSet === undefined) return [];
  const inForce = agreement?.agreement ?? undefined;
  const decision = approveProvider({
    provider: party,
    party: provider,
    agreement:
      agreement === undefined || inForce === undefined
        ? undefined
        : { value: inForce, revision: agreement.version },
    request: claims.question,
    dataSet,
    archetypes: declarations.archetypes.keys(),
    foreignSteps: foreignStepsOf(chain, declarations),
    now,
  });
  if (!decision.approved) return decision.reasons.map((reason) => reason.message);
  return [...archetypeReasons(chain, decision, own), ...chainReasons(claims, chain, decision, own)];
}

/** The steps of a chain that the party itself declares as foreign. */
function foreignStepsOf({ steps }: DataProviderChain, { steps: declared }: Catalogue): string[] {
  return steps.flatMap(({ step: name }) => {
    const step = declared.get(name)?.value;
    return step !== undefined && isForeign(step) ? [name] : [];
  });
}

/** What a chain lets out, who computes with it and who asks, is as the archetype has it that the agreement names. */
function archetypeReasons(
  { archetype: name, computeProvider, releases: released }: DataProviderChain,
  { provider, user, home }: Approval,
  { declarations }: OwnGround,
): string[] {
  const archetype = declarations.archetypes.get(name)?.value;
  if (archetype === undefined) return [];
  const reasons: string[] = [];
  const { releases } = archetype.dataProvider;
  if (released !== releases)
    reasons.push(`Under archetype ${name} it may release ${releases}, and not ${released}.`);
  if ((archetype.computeProvider === undefined) !== (computeProvider === undefined))
    reasons.push(
      archetype.computeProvider === undefined
        ? `Archetype ${name} has no compute provider.`
        : `Archetype ${name} needs a compute provider, and it names none.`,
    );
  const objections = archetypeObjections(archetype, { provider, user, home, computeProvider });
  reasons.push(...objections.map((why) => `Archetype ${name} is not for this: ${provider} ${why}.`));
  if (archetype.computeProvider?.who === 'dataProvider' && !holdsData(computeProvider, declarations))
    reasons.push(`Under archetype ${name} a data provider computes, and ${computeProvider} is none.`);
  return reasons;
}

function holdsData(party: string | undefined, { parties }: Catalogue): boolean {
  return party !== undefined && parties.get(party)?.value.roles.includes('dataProvider') === true;
}

function chainReasons(
  { question }: OrderClaims,
  chain: DataProviderChain,
  approval: Approval,
  { declarations }: OwnGround,
): string[] {
  const { archetype, computeProvider } = chain;
  const reasons: string[] = [];
  if (!approval.archetypes.includes(archetype)) reasons.push(`Archetype ${archetype} is not allowed.`);
  if (computeProvider !== undefined && !approval.computeProviders.includes(computeProvider)) {
    reasons.push(`Compute provider ${computeProvider} is not allowed.`);
  }
  if (chain.output.minimumGroupSize < approval.output.minimumGroupSize) {
    reasons.push(
      `Groups of ${chain.output.minimumGroupSize} are smaller than the agreed ${approval.output.minimumGroupSize}.`,
    );
  }
  if (chain.output.form === 'rows' && approval.output.form !== 'rows') reasons.push('Rows may not leave.');
  if (chain.releases === 'rows') {
    if (!approval.output.rowsAtComputeProvider) reasons.push('Rows may not go to a compute provider.');
  } else if (chain.output.form === 'aggregates' && !givesFigures(chain, declarations)) {
    reasons.push('Only figures may leave, and the chain computes none.');
  }
  if (chain.output.extremes && !approval.output.extremes) reasons.push('Extremes may not leave.');
  if (chain.output.smallGroupsAtComputeProvider && !approval.output.smallGroupsAtComputeProvider)
    reasons.push('Small groups may not go to a compute provider.');
  if (chain.output.rowsAtComputeProvider && !approval.output.rowsAtComputeProvider)
    reasons.push('Its output lets rows go to a compute provider, and the agreement does not.');
  const algorithm = question.algorithm?.name;
  if (algorithm !== undefined && extremeAlgorithms.has(algorithm) && !chain.output.extremes)
    reasons.push(`It asks for ${algorithm}, and its chain lets no extremes out.`);
  if (namesOtherColumns(chain, approval)) reasons.push('It names other columns than the agreement.');
  const looser = looserLimits(chain, approval);
  if (looser.length > 0) reasons.push(`It goes past the agreed limits: ${looser.join(', ')}.`);
  for (const step of approval.requiredSteps) {
    // what computes over released rows runs where they go
    const elsewhere =
      chain.releases === 'rows' && declarations.steps.get(step)?.value.role === 'computeProvider';
    if (!elsewhere && !has(chain, step)) reasons.push(`The chain lacks the required step ${step}.`);
  }
  return reasons;
}

const has = (chain: Chain, name: string): boolean => chain.steps.some(({ step }) => step === name);

/** Whether a chain ends in figures: the algorithm's, or those of a foreign step as the party itself declares it. */
function givesFigures({ steps }: Chain, { steps: declared }: Catalogue): boolean {
  return steps.some(({ step: name }) => {
    const step = declared.get(name)?.value;
    return name === 'sql-algorithm' || (step !== undefined && isForeign(step) && step.gives === 'aggregates');
  });
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

function computeReasons(chain: ComputeProviderChain, { party, declarations }: OwnGround): string[] {
  const reasons: string[] = [];
  if (declarations.parties.get(party)?.value.roles.includes('computeProvider') !== true) {
    reasons.push(`${party} is not a compute provider.`);
  }
  const { archetype: name } = chain;
  const pattern = declarations.archetypes.get(name)?.value.computeProvider;
  if (pattern === undefined) {
    reasons.push(`${party} knows no archetype ${name} in which somebody computes for others.`);
  } else if (chain.receives !== pattern.receives) {
    reasons.push(`Under archetype ${name} it may receive ${pattern.receives}, and not ${chain.receives}.`);
  }
  if (pattern?.who === 'thirdParty' && chain.receivesFrom.includes(party)) {
    reasons.push(`Under archetype ${name} a third party computes, and ${party} gives data itself.`);
  }
  if (pattern?.who === 'dataProvider' && !holdsData(party, declarations)) {
    reasons.push(`Under archetype ${name} a data provider computes, and ${party} is none.`);
  }
  if (chain.output.form === 'aggregates' && !givesFigures(chain, declarations)) {
    reasons.push('Only figures may leave, and the chain computes none.');
  }
  if (chain.receivesFrom.length === 0) reasons.push('It names nobody who sends it anything to compute with.');
  return reasons;
}
