import type { Approval, OutputRule } from '../approve/index.js';
import { type Composition, type DataProviderChain, strictestLimits } from '../compose/index.js';
import { archetypeObjections, type Catalogue } from '../model/index.js';
import type { ComposedAgain } from './compose-again.js';

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

function outputText(rule: OutputRule): string {
  return [
    rule.form === 'rows' ? 'rows' : `groups of ${rule.minimumGroupSize} or more`,
    ...(rule.extremes ? ['with extremes'] : []),
    ...(rule.smallGroupsAtComputeProvider ? ['small groups to a compute provider'] : []),
    ...(rule.rowsAtComputeProvider && rule.form !== 'rows' ? ['rows to a compute provider'] : []),
  ].join(', ');
}

/** What an approval does not carry of a composition any more. */
function withdrawn(
  { archetypes, computeProviders, output }: Approval,
  { releases, archetype, computeProvider }: DataProviderChain,
): string[] {
  const computed = computeProvider === undefined || computeProviders.includes(computeProvider);
  return [
    ...(archetypes.includes(archetype) ? [] : [archetype]),
    ...(computed ? [] : [`${computeProvider} as compute provider`]),
    ...(releases === 'rows' && !output.rowsAtComputeProvider ? ['rows at a compute provider'] : []),
  ];
}

/** What differs between a provider's chain and the one it would have now. */
function rules(before: DataProviderChain, after: DataProviderChain): string[] {
  const steps = (chain: DataProviderChain) => chain.steps.map(({ step }) => step).join(', ');
  return [
    ...(same(before.output, after.output)
      ? []
      : [`what may leave to ${outputText(after.output)}, from ${outputText(before.output)}`]),
    ...(same(strictestLimits([before.limits]), strictestLimits([after.limits])) ? [] : ['its limits']),
    ...(same(before.columns, after.columns) ? [] : ['the columns']),
    ...(steps(before) === steps(after) ? [] : [`the steps to ${steps(after)}, from ${steps(before)}`]),
  ];
}

function providerCauses(
  chain: DataProviderChain,
  { decisions, composition, error }: ComposedAgain,
  catalogue: Catalogue,
): string[] {
  const { party } = chain;
  if (!catalogue.parties.has(party)) return [`${party} is no party any more`];
  const decision = decisions.find(({ provider }) => provider === party);
  // a refusal of the whole request says all of this by itself
  if (decision === undefined || error?.code === 'request-refused') return [];
  if (!decision.approved) return decision.reasons.map(({ message }) => withoutDot(message));
  const agreement = catalogue.agreements.get(party);
  const version = `agreement version ${agreement?.version ?? agreement?.revision}`;
  const archetype = catalogue.archetypes.get(chain.archetype)?.value;
  if (archetype !== undefined) {
    const gone = withdrawn(decision, chain);
    if (gone.length > 0) return [`${party} withdrew ${gone.join(' and ')} (${version})`];
    const { computeProvider } = chain;
    const objections = archetypeObjections(archetype, { ...decision, computeProvider });
    if (objections.length > 0) return objections.map((why) => `${party} ${why} (${version})`);
  }
  const after = composition?.chains.find((one) => one.party === party && one.place === 'dataProvider');
  if (after?.place !== 'dataProvider') {
    return composition === undefined ? [] : [`${party} has no agent here any more`];
  }
  // of a merged answer every chain has the strictest rule of all, which another provider may have changed
  const changed = decision.agreementRevision === chain.agreementRevision ? [] : rules(chain, after);
  return changed.length === 0 ? [] : [`${party} changed ${changed.join(' and ')} (${version})`];
}

function withoutDot(text: string): string {
  return text.replace(/\.$/, '');
}

/** Why a composition is not what would come of its question now; in words for people, without a full stop. Pure. */
export function changeCause(before: Composition, after: ComposedAgain, catalogue: Catalogue): string {
  const providers = before.chains.filter((chain) => chain.place === 'dataProvider');
  const taking = after.composition?.chains.filter((chain) => chain.place === 'dataProvider') ?? [];
  const gone = new Set(
    before.parts.map(({ archetype }) => archetype).filter((name) => !catalogue.archetypes.has(name)),
  );
  const causes = [
    ...[...gone].map((archetype) => `archetype ${archetype} is not configured any more`),
    ...providers.flatMap((chain) => providerCauses(chain, after, catalogue)),
    ...taking
      .filter(({ party }) => !providers.some((chain) => chain.party === party))
      .map(({ party }) => `${party} takes part now`),
    ...(after.error === undefined ? [] : [withoutDot(after.error.message)]),
  ];
  return causes.join('; ') || 'the configuration that it rests on was changed';
}
