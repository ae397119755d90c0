import type { Readable } from 'node:stream';
import type { Caller } from '../../kernel/identity/index.js';
import type { AgentAudit, AgentStatus, AuditQuery } from './agent/index.js';
import type { DryRun, RequestEvent, RequestRecord } from './ask/request-record.js';
import type { Explanation } from './explain/explanation.js';
import type { Job } from './job/index.js';
import type {
  Agreement,
  Catalogue,
  CatalogueKind,
  CatalogueValues,
  RequestBody,
  RequestReadings,
} from './model/index.js';

/** A request that was accepted for work: its id is known at once, its end is awaited apart. */
export interface AskedRequest {
  readonly id: string;
  /**
   * The record when the request has come to its end, whichever that is: refused and failed requests do not reject, their
   * record holds the error.
   */
  readonly ended: Promise<RequestRecord>;
}

/** How a job is asked again. */
export interface FollowUpOptions extends RequestReadings {
  /** Only what this party answers of it: a provider, or where answers are merged the party that does. */
  readonly party?: string;
}

/** One page of a list. */
export interface Paged<Item> {
  readonly items: readonly Item[];
  /** Pass it as `after` to read on; absent on the last page. */
  readonly next?: string;
}

/** The forms that an answer is given in. */
export type AnswerFormat = 'json' | 'csv' | 'arrow';

/** An answer as bytes to send. */
export interface AnswerStream {
  readonly contentType: string;
  /** A file name for it, such as `ada-0f3b2c1d.csv`. */
  readonly fileName: string;
  readonly body: Readable;
}

/** Who may ask what of a data set, as far as agreements say. */
export interface DataSetOffer {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly unit: readonly string[];
  readonly measures: readonly {
    readonly column: string;
    readonly title?: string;
    readonly description?: string;
  }[];
  readonly groups: readonly string[];
  readonly filters: readonly string[];
  readonly algorithms: readonly string[];
  readonly defaults: {
    readonly algorithm?: string;
    readonly column?: string;
    readonly groupBy?: readonly string[];
  };
  readonly providers: readonly {
    readonly party: string;
    readonly state: 'importing' | 'ready' | 'failed' | 'offline';
    readonly error?: string;
    readonly importedAt?: string;
    readonly tables: readonly {
      readonly name: string;
      readonly rows: number;
      readonly rejected: number;
      /** The first rejected lines, by number. */
      readonly rejects: readonly { readonly line: number; readonly reason: string }[];
      readonly columns: readonly { readonly name: string; readonly type: string }[];
    }[];
    /** Requesters whom the provider's agreement lets ask, and in which form they get answers. */
    readonly requesters: readonly { readonly user: string; readonly form: 'aggregates' | 'rows' }[];
  }[];
}

/** Who changes a configuration object, and on what condition. */
export interface ChangeObjectOptions {
  /** As in the state port. */
  readonly ifRevision?: number;
  /** Absent in open mode, and where the process itself does it. */
  readonly caller?: Caller;
}

/** What a change of an agreement would touch. */
export interface AgreementDryRun {
  readonly party: string;
  /** Requesters whose relation is new, gone or otherwise, by id, with what changes for them in whole sentences. */
  readonly users: readonly {
    readonly user: string;
    readonly change: 'added' | 'changed' | 'removed';
    readonly effects: readonly string[];
  }[];
  /** Live jobs that would not stay as they are. */
  readonly jobs: readonly {
    readonly job: string;
    readonly user: string;
    readonly becomes: 'recomposed' | 'revoked';
    readonly why: string;
  }[];
  /** Data sets of which other users or columns could be asked than now, with what changes in whole sentences. */
  readonly dataSets: readonly { readonly name: string; readonly effects: readonly string[] }[];
  /** Names in it that are not configured here, and so allow nothing, a text for each. */
  readonly unknown: readonly string[];
}

/** Somebody of whom the gateway takes no requests any more. */
export interface RemovedUser {
  /** The person's id. */
  readonly user: string;
  readonly cause: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Who removed the user; absent in open mode. */
  readonly by?: string;
}

/** The exchange as the gateway and the CLI use it. */
export interface Exchange {
  /**
   * Takes a request. Throws at once where it cannot be understood (unknown names, wrong columns); everything later is
   * in the record. `traceparent`s come from the active context.
   */
  ask(body: RequestBody, caller?: Caller, readings?: RequestReadings): Promise<AskedRequest>;
  /** Asks a job again; `body` without providers, data set and archetype, which the job has. Throws `not-found`, `job-ended`. */
  followUp(
    jobId: string,
    body: RequestBody,
    caller?: Caller,
    options?: FollowUpOptions,
  ): Promise<AskedRequest>;
  /** What would come of a request. Throws only where it cannot be understood. */
  dryRun(body: RequestBody, readings?: RequestReadings): Promise<DryRun>;
  /** Stops a running request; without effect on one that has ended. Throws `not-found`. */
  cancel(requestId: string): Promise<RequestRecord>;

  /** Erases the answer of a request at once, where there is one still; its record stays, and says so. Throws `not-found`. */
  eraseAnswer(requestId: string, caller?: Caller): Promise<RequestRecord>;

  request(id: string): Promise<RequestRecord>;
  /** Newest first. */
  requests(page: {
    readonly limit: number;
    readonly after?: string;
    readonly user?: string;
  }): Promise<Paged<RequestRecord>>;
  /** Events of a request, from after `afterSequence` on, until it has ended. */
  events(requestId: string, afterSequence: number, signal: AbortSignal): AsyncIterable<RequestEvent>;
  explanation(id: string): Promise<Explanation>;
  /**
   * The answer of a request, or of a job's last answered request, as bytes. `result` picks one of several results by
   * its position; Arrow and CSV hold one result, so it is needed there where there are several with different columns.
   * That it was read, and by whom, goes to the gateway's audit log first.
   * Throws `result-not-ready`, `result-gone`, `request-refused`, … as the request ended.
   */
  answer(
    id: string,
    format: AnswerFormat,
    options?: { readonly result?: number | undefined; readonly caller?: Caller | undefined },
  ): Promise<AnswerStream>;

  job(id: string): Promise<Job>;
  jobs(page: {
    readonly limit: number;
    readonly after?: string;
    readonly user?: string;
  }): Promise<Paged<Job>>;
  /** How many jobs are live. */
  liveJobs(): Promise<number>;
  /** Ids of a job's requests, newest first. */
  jobRequests(jobId: string): Promise<readonly string[]>;
  /** Ends a job and stops what it runs. Throws `not-found`, `job-ended`. */
  revoke(jobId: string, cause: string, caller?: Caller): Promise<Job>;

  /** Those who are removed, by id. */
  removedUsers(): readonly RemovedUser[];
  /** Ends all live jobs of a person, stops what runs for them, and refuses what the person asks until `admitUser`. */
  removeUser(user: string, cause: string, caller?: Caller): Promise<RemovedUser>;
  /** Takes requests of a removed person again; without effect on others. */
  admitUser(user: string, caller?: Caller): Promise<void>;

  catalogue(): Catalogue;
  /** Writes one configuration object; `ifRevision` as in the state port. Throws `input-invalid`, `revision-conflict`. */
  putObject<Kind extends CatalogueKind>(
    kind: Kind,
    name: string,
    value: CatalogueValues[Kind],
    options: ChangeObjectOptions,
  ): Promise<number>;
  removeObject(kind: CatalogueKind, name: string, options: ChangeObjectOptions): Promise<void>;
  /** What it would touch to put `agreement` in force at `party`, or with `null` to remove it. Changes nothing. */
  agreementDryRun(party: string, agreement: Agreement | null): Promise<AgreementDryRun>;
  /** One page of a party's audit log, from its agent. Throws `unknown-party`, `role-missing`, `provider-unavailable`. */
  audit(party: string, query: AuditQuery): Promise<AgentAudit>;

  dataSets(): readonly DataSetOffer[];
  agents(): readonly AgentStatus[];
  close(): Promise<void>;
}
