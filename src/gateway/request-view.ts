import type { ErrorRecord } from '../kernel/errors/index.js';
import type { AbsentProvider, RequestRecord, Result } from '../systems/exchange/index.js';
import { apiPrefix } from './app.js';
import { publicError } from './problem.js';

type Table = NonNullable<Result['table']>;

/** One result as the API shows it: figures as they are; of released rows how many, and where they are. */
export interface ResultView {
  readonly providers: readonly string[];
  readonly computedAt: string;
  readonly archetype?: string;
  /** Present where the answer is partial: those who failed, and whom the request allows to go without. */
  readonly absent?: readonly AbsentProvider[];
  readonly columns?: readonly string[];
  /** Figures; or the number of released rows, which come with the answer itself. */
  readonly rows?: Table['rows'] | number;
  readonly withheld?: Table['withheld'];
  readonly named?: NonNullable<Result['named']>;
  /** A Vega-Lite specification. */
  readonly graph?: Readonly<Record<string, unknown>>;
  readonly error?: ErrorRecord;
  /** Where this result is alone; absent where it has an error, and where the answer is no longer kept. */
  readonly link?: string;
}

/** Why one provider does not take part. */
export interface RefusedView {
  readonly provider: string;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
}

/** A request as the API shows it. Times are ISO 8601, UTC. */
export interface RequestView {
  readonly id: string;
  readonly job?: string;
  readonly state: RequestRecord['state'];
  readonly user: RequestRecord['user'];
  readonly askedAt: string;
  readonly endedAt?: string;
  readonly tookMs?: number;
  /** Absent where providers answer under different ones. */
  readonly archetype?: string;
  /** Present where a result lacks providers that failed. */
  readonly partial?: true;
  readonly results: readonly ResultView[];
  readonly refused: readonly RefusedView[];
  /** Providers that allow it, and whose agents are offline. */
  readonly absent: readonly string[];
  readonly keptUntil?: string;
  /** When the answer was erased before that. */
  readonly erasedAt?: string;
  /** Why it was refused or failed as a whole. */
  readonly error?: ErrorRecord;
  readonly links: {
    readonly self: string;
    readonly result: string;
    readonly explanation: string;
    readonly events: string;
    readonly job?: string;
  };
}

/** The path of a request. */
export function requestPath(id: string): string {
  return `${apiPrefix}/requests/${encodeURIComponent(id)}`;
}

/** The path of a job. */
export function jobPath(id: string): string {
  return `${apiPrefix}/jobs/${encodeURIComponent(id)}`;
}

/** What of a request's record its requester sees; pure. */
export function requestView(record: RequestRecord): RequestView {
  const { id, job, state, user, receivedAt, endedAt, keptUntil, error } = record;
  const [part, ...otherParts] = record.composition?.parts ?? record.placement?.parts ?? [];
  const archetype = otherParts.length === 0 ? part?.archetype : undefined;
  const self = requestPath(id);
  return {
    id,
    ...(job === undefined ? {} : { job }),
    state,
    user,
    askedAt: isoTime(receivedAt),
    ...(endedAt === undefined ? {} : { endedAt: isoTime(endedAt), tookMs: endedAt - receivedAt }),
    ...(archetype === undefined ? {} : { archetype }),
    ...(record.results.some(({ absent }) => absent !== undefined) ? { partial: true } : {}),
    results: record.results.map((result, position) => ({
      ...resultView(result),
      ...(result.error !== undefined || record.answerGone === true
        ? {}
        : { link: `${self}/result?result=${position}` }),
    })),
    refused: record.decisions.flatMap((decision) =>
      decision.approved ? [] : [{ provider: decision.provider, reasons: decision.reasons }],
    ),
    absent: record.placement?.absent ?? [],
    ...(keptUntil === undefined ? {} : { keptUntil: isoTime(keptUntil) }),
    ...(record.erased === undefined ? {} : { erasedAt: isoTime(record.erased.at) }),
    ...(error === undefined ? {} : { error: publicError(error) }),
    links: {
      self,
      result: `${self}/result`,
      explanation: `${self}/explanation`,
      events: `${self}/events`,
      ...(job === undefined ? {} : { job: jobPath(job) }),
    },
  };
}

function resultView(result: Result): ResultView {
  const { providers, computedAt, archetype, absent, table, named, graph, rows, error } = result;
  return {
    providers,
    computedAt,
    ...(archetype === undefined ? {} : { archetype }),
    ...(absent === undefined
      ? {}
      : { absent: absent.map((one) => ({ ...one, error: publicError(one.error) })) }),
    ...(table === undefined ? {} : { columns: table.columns, rows: table.rows, withheld: table.withheld }),
    ...(rows === undefined ? {} : { columns: rows.columns, rows: rows.rows }),
    ...(named === undefined ? {} : { named }),
    ...(graph === undefined ? {} : { graph }),
    ...(error === undefined ? {} : { error: publicError(error) }),
  };
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
