import {
  type Agreement,
  agreementHash,
  type DataSet,
  endOf,
  extremeAlgorithms,
  type NormalRequest,
  type Party,
  type Relation,
  startOf,
} from '../model/index.js';
import { refusedColumns } from './columns.js';
import type { OutputRule, ProviderDecision, Reason } from './decision.js';

/** All that a decision depends on. */
export interface ApprovalInput {
  /** The id of the data provider. */
  readonly provider: string;
  readonly party: Party;
  /** The agreement of the provider, where it has one. */
  readonly agreement: { readonly value: Agreement; readonly revision: number } | undefined;
  readonly request: NormalRequest;
  /** The data set that the request names. */
  readonly dataSet: DataSet;
  /** The names of all archetypes that are configured. */
  readonly archetypes: Iterable<string>;
  /** The foreign steps that are to run over the provider's rows, here or at a compute provider. */
  readonly foreignSteps: readonly string[];
  /** The moment of the decision, in milliseconds since 1970. */
  readonly now: number;
}

/** Persons in the smallest group that may leave, where the relation does not say. */
export const defaultMinimumGroupSize = { aggregates: 10, rows: 1 } as const;

const list = (names: Iterable<string>): string => [...names].sort().join(', ') || 'none';

function outputRule({ output }: Relation): OutputRule {
  return {
    form: output.form,
    minimumGroupSize: output.minimumGroupSize ?? defaultMinimumGroupSize[output.form],
    extremes: output.extremes ?? false,
    ...(output.smallGroupsAtComputeProvider ? { smallGroupsAtComputeProvider: true } : {}),
    ...((output.rowsAtComputeProvider ?? output.form === 'rows') ? { rowsAtComputeProvider: true } : {}),
  };
}

/** The data steward, as somebody to ask. */
const steward = (input: ApprovalInput): string => `the data steward of ${input.provider}`;

function offerReasons(input: ApprovalInput): Reason[] {
  const { provider, party, request, dataSet } = input;
  const who = `${provider} (${party.name})`;
  if (!party.roles.includes('dataProvider')) {
    const message = `${who} is not a data provider. Leave it out of dataProviders.`;
    return [{ code: 'not-a-data-provider', message }];
  }
  if (Object.hasOwn(dataSet.sources, provider)) return [];
  const others = list(Object.keys(dataSet.sources));
  const message = `${who} does not offer data set ${request.dataSet}. Leave it out of dataProviders; the data set is offered by: ${others}.`;
  return [{ code: 'data-set-not-offered', message }];
}

function timeReasons(input: ApprovalInput, relation: Relation): Reason[] {
  const { provider, request, now } = input;
  const { notBefore, expires } = relation;
  const reasons: Reason[] = [];
  if (notBefore !== undefined && now < startOf(notBefore)) {
    const message = `The relation of ${provider} with ${request.user.id} starts on ${notBefore}. Ask again then, or ask ${steward(input)} to start it earlier.`;
    reasons.push({ code: 'not-yet-valid', message });
  }
  if (expires !== undefined && now >= endOf(expires)) {
    const message = `The relation of ${provider} with ${request.user.id} expired on ${expires}. Ask ${steward(input)} to renew it.`;
    reasons.push({ code: 'expired', message });
  }
  return reasons;
}

function dataReasons(input: ApprovalInput, relation: Relation): Reason[] {
  const { provider, request, dataSet } = input;
  const user = request.user.id;
  const allowed = Object.hasOwn(relation.dataSets, request.dataSet)
    ? relation.dataSets[request.dataSet]
    : undefined;
  if (allowed === undefined) {
    const message = `${provider} does not allow ${user} data set ${request.dataSet}; allowed: ${list(Object.keys(relation.dataSets))}. Name an allowed one, or ask ${steward(input)} to add it.`;
    return [{ code: 'data-set-not-allowed', message }];
  }
  const columns = refusedColumns(request, dataSet, allowed.columns);
  if (columns.length === 0) return [];
  const message = `${provider} does not allow ${user} to use ${list(columns)} of data set ${request.dataSet}. Ask without, or ask ${steward(input)} to add what is missing.`;
  return [{ code: 'columns', message }];
}

function relationReasons(input: ApprovalInput, relation: Relation): Reason[] {
  const { provider, request } = input;
  const user = request.user.id;
  const reasons: Reason[] = timeReasons(input, relation);
  if (!relation.requestTypes.includes(request.requestType)) {
    const message = `${provider} does not allow ${user} requests of type ${request.requestType}; allowed: ${list(relation.requestTypes)}. Use an allowed one, or ask ${steward(input)} to add it.`;
    reasons.push({ code: 'request-type', message });
  }
  reasons.push(...dataReasons(input, relation));
  if (request.archetype !== undefined && !relation.archetypes.includes(request.archetype)) {
    const message = `${provider} does not allow ${user} archetype ${request.archetype}; allowed: ${list(relation.archetypes)}. Ask for one of these or for none, or ask ${steward(input)} to add it.`;
    reasons.push({ code: 'archetype', message });
  }
  const computeProviders = relation.computeProviders ?? [];
  if (request.computeProvider !== undefined && !computeProviders.includes(request.computeProvider)) {
    const message = `${provider} does not allow ${request.computeProvider} to compute for ${user}; allowed: ${list(computeProviders)}. Ask for one of these or for none, or ask ${steward(input)} to add it.`;
    reasons.push({ code: 'compute-provider', message });
  }
  if (request.form === 'rows' && relation.output.form === 'aggregates') {
    const message = `${provider} releases no rows to ${user}, only figures over groups. Add an algorithm to the request, or ask ${steward(input)} to allow rows.`;
    reasons.push({ code: 'output-form', message });
  }
  const algorithm = request.algorithm?.name;
  if (algorithm !== undefined && extremeAlgorithms.has(algorithm) && relation.output.extremes !== true) {
    const message = `${provider} releases no extremes to ${user}, and ${algorithm} is one person's own value. Ask for an average or a histogram, or ask ${steward(input)} to allow extremes.`;
    reasons.push({ code: 'extremes', message });
  }
  return reasons;
}

function foreignStepReasons(input: ApprovalInput, relation: Relation): Reason[] {
  const { provider, request, foreignSteps } = input;
  const allowed = [...(relation.foreignSteps ?? []), ...(relation.requiredSteps ?? [])];
  return foreignSteps
    .filter((name) => !allowed.includes(name))
    .map((name) => {
      const message = `${provider} does not let step ${name}, which runs outside of Starling, have rows for ${request.user.id}; allowed: ${list(relation.foreignSteps ?? [])}. Ask without it, or ask ${steward(input)} to add it to foreignSteps.`;
      return { code: 'foreign-step', message };
    });
}

function findRelation(input: ApprovalInput): Relation | Reason {
  const { provider, party, agreement, request } = input;
  const user = request.user.id;
  if (agreement === undefined) {
    const message = `${provider} (${party.name}) has no agreement, so nobody may use its data. Ask ${steward(input)} to write one that names ${user}.`;
    return { code: 'no-agreement', message };
  }
  const { denied = {}, relations } = agreement.value;
  const told = Object.hasOwn(denied, user) ? denied[user] : undefined;
  if (told !== undefined) {
    const sentence = /[.!?]$/.test(told) ? told : `${told}.`;
    const message = `${provider} denies ${user} the use of its data: ${sentence} Ask ${steward(input)} if you think this is a mistake.`;
    return { code: 'user-denied', message };
  }
  const relation = Object.hasOwn(relations, user) ? relations[user] : undefined;
  if (relation !== undefined) return relation;
  const message = `${provider} has no relation with ${user} in its agreement. Ask ${steward(input)} to add one.`;
  return { code: 'no-relation', message };
}

/**
 * Decides for one data provider whether its agreement allows a request, and with what rules; a refusal has every
 * reason there is. Pure: equal inputs give equal decisions.
 */
export function approveProvider(input: ApprovalInput): ProviderDecision {
  const { provider, request, agreement } = input;
  const reasons = offerReasons(input);
  const relation = findRelation(input);
  if ('code' in relation) return { provider, approved: false, reasons: [...reasons, relation] };
  reasons.push(...relationReasons(input, relation), ...foreignStepReasons(input, relation));
  const allowed = Object.hasOwn(relation.dataSets, request.dataSet)
    ? relation.dataSets[request.dataSet]
    : undefined;
  if (reasons.length > 0 || allowed === undefined || agreement === undefined) {
    return { provider, approved: false, reasons };
  }
  const known = new Set(input.archetypes);
  return {
    provider,
    approved: true,
    user: request.user.id,
    ...(relation.home === undefined ? {} : { home: relation.home }),
    agreementRevision: agreement.revision,
    agreementHash: agreementHash(agreement.value),
    archetypes: relation.archetypes.filter((name) => known.has(name)).sort(),
    computeProviders: [...(relation.computeProviders ?? [])].sort(),
    output: outputRule(relation),
    requiredSteps: [...(relation.requiredSteps ?? [])].sort(),
    columns: allowed.columns,
    limits: relation.limits ?? {},
  };
}
