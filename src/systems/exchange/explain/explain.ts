import type { ProviderDecision } from '../approve/index.js';
import type { RequestRecord, RunRecord } from '../ask/request-record.js';
import type { Explanation, ProviderExplanation } from './explanation.js';

/** Explains a request from its record alone; pure. */
export function explain(record: RequestRecord): Explanation {
  const { question, placement, composition, endedAt, error, job } = record;
  const { requestType, dataSet, query, queryGiven, algorithm, options } = question;
  const considered = [...(placement?.considered ?? [])].sort(
    (one, other) => Number(other.chosen) - Number(one.chosen),
  );
  return {
    request: record.id,
    ...(job === undefined ? {} : { job }),
    state: record.state,
    askedBy: record.user,
    askedAt: new Date(record.receivedAt).toISOString(),
    ...(endedAt === undefined ? {} : { tookMs: endedAt - record.receivedAt }),
    question: {
      requestType,
      dataSet,
      query,
      queryGiven,
      ...(algorithm === undefined ? {} : { algorithm }),
      options,
    },
    providers: record.decisions.map((decision) => explainProvider(decision, record)),
    archetypes: considered.map(({ archetype, chosen, why }) => ({
      name: archetype,
      chosen,
      because: why.map(({ provider, message }) =>
        provider === undefined ? message : `${provider}: ${message}`,
      ),
    })),
    parts: composition?.parts ?? placement?.parts ?? [],
    chains: [...record.runs].sort(byPlace),
    crossings: record.crossings,
    notes: [
      ...(record.followUp
        ? [`This is a follow-up: job ${job} was checked again, and not composed anew.`]
        : []),
      ...(composition?.notes ?? []),
      ...crossJoinNotes(record),
    ],
    ...(error === undefined ? {} : { error }),
  };
}

function crossJoinNotes({ runs }: RequestRecord): string[] {
  const parties = runs.filter(({ crossJoined }) => crossJoined).map(({ party }) => party);
  if (parties.length === 0) return [];
  return [
    `The query has a JOIN without ON. It was taken as a cross join, which pairs every row with every other, at ${parties.sort().join(', ')}.`,
  ];
}

function explainProvider(decision: ProviderDecision, record: RequestRecord): ProviderExplanation {
  const { provider } = decision;
  if (!decision.approved) {
    return { provider, outcome: 'refused', because: decision.reasons.map((reason) => reason.message) };
  }
  const { agreementRevision, output } = decision;
  const took = record.composition?.chains.find(
    (chain) => chain.party === provider && chain.place === 'dataProvider',
  );
  const absent = absentProviders(record).includes(provider);
  const failed = record.results
    .flatMap((result) => result.absent ?? [])
    .find((one) => one.provider === provider);
  const withheld = record.results.find(
    (result) => result.providers.length === 1 && result.providers[0] === provider,
  )?.table?.withheld;
  return {
    provider,
    outcome: outcomeOf({ took: took !== undefined, failed: failed !== undefined, absent }),
    because: [
      `The relation of ${provider} with ${decision.user} allows ${decision.archetypes.join(' and ')}; what may leave: ${output.form}.`,
      ...(absent ? ['Its agent was offline when the request was placed.'] : []),
      ...(failed === undefined ? [] : [`The answer is without it: ${failed.error.message}`]),
    ],
    agreementRevision,
    minimumGroupSize: took?.output.minimumGroupSize ?? output.minimumGroupSize,
    ...(withheld === undefined || withheld.groups === 0 ? {} : { withheldGroups: withheld.groups }),
  };
}

function outcomeOf(provider: {
  readonly took: boolean;
  readonly failed: boolean;
  readonly absent: boolean;
}): ProviderExplanation['outcome'] {
  if (provider.failed) return 'left out';
  if (provider.took) return 'took part';
  return provider.absent ? 'absent' : 'not placed';
}

/** Where all who approved were offline there is no placement: the refusal names them. */
function absentProviders({ placement, error }: RequestRecord): readonly unknown[] {
  if (placement !== undefined) return placement.absent;
  const absent: unknown = error?.code === 'provider-unavailable' ? error.details?.absent : undefined;
  return Array.isArray(absent) ? absent : [];
}

function byPlace(one: RunRecord, other: RunRecord): number {
  if (one.place !== other.place) return one.place === 'dataProvider' ? -1 : 1;
  return one.party < other.party ? -1 : 1;
}
