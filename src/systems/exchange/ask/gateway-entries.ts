import type { AuditLog } from '../../../kernel/audit/index.js';
import { contentHash } from '../../../kernel/identity/index.js';
import type { Json } from '../../../kernel/state/index.js';
import type { ProviderDecision } from '../approve/index.js';
import type { Job } from '../job/index.js';
import { asRequested, type CatalogueKind } from '../model/index.js';
import { orderId } from '../order/index.js';
import type { RequestRecord } from './request-record.js';

/** A change of the gateway's configuration that counts. */
export interface ChangedObject {
  readonly kind: CatalogueKind;
  readonly name: string;
  /** Absent where it was removed. */
  readonly value?: unknown;
  /** The id of the person who changed it; absent in open mode. */
  readonly by: string | undefined;
}

/**
 * What the gateway's own audit log says of requests, jobs and its configuration. Each entry is on disk when its promise resolves.
 * Entries on a request are written beside its record: nothing goes out before both are there.
 */
export class GatewayEntries {
  readonly #audit: Pick<AuditLog, 'append'>;

  constructor(audit: Pick<AuditLog, 'append'>) {
    this.#audit = audit;
  }

  /** A request that was decided: taken, with the orders that it comes to, or refused. */
  async decided(record: RequestRecord): Promise<void> {
    const { id, composition, error } = record;
    const decisions = { ...asked(record), decisions: record.decisions.map(decisionOf) };
    if (composition === undefined || error !== undefined) {
      await this.#audit.append('request-refused', { ...decisions, code: error?.code ?? 'request-refused' });
      return;
    }
    const { parts, chains } = composition;
    await this.#audit.append('request-approved', {
      ...decisions,
      parts: parts.map((part) => ({ ...part, providers: [...part.providers] })),
      orders: chains.map((chain) => orderId(id, chain)),
    });
  }

  /**
   * An answer that is about to go out. Where it is withheld after all, since its ground was lost as it was written,
   * `failed` follows.
   */
  async answered(record: RequestRecord): Promise<void> {
    const results = record.results.map(({ providers, computedAt, absent, table, rows, error }) => ({
      providers: [...providers],
      computedAt,
      ...(absent === undefined ? {} : { absent: absent.map(({ provider }) => provider) }),
      ...(table === undefined ? {} : { groups: table.rows.length }),
      ...(rows === undefined ? {} : { rows: rows.rows }),
      ...(error === undefined ? {} : { code: error.code }),
    }));
    await this.#audit.append('request-answered', { ...named(record), results });
  }

  /** A request that ended without an answer. */
  async failed(record: RequestRecord): Promise<void> {
    const code = record.error?.code ?? 'internal';
    await this.#audit.append('request-failed', { ...named(record), code });
  }

  /** An answer that is read again, as bytes. */
  async answerRead(record: RequestRecord, format: string, by: string | undefined): Promise<void> {
    await this.#audit.append('answer-read', { ...named(record), format, ...person(by) });
  }

  /** An answer that is erased before its time. */
  async answerErased(record: RequestRecord, by: string | undefined): Promise<void> {
    await this.#audit.append('answer-erased', { ...named(record), ...person(by) });
  }

  /** A job that was composed anew or revoked. */
  async settled(type: 'recompose' | 'revoke', job: Job, cause: string, by?: string): Promise<void> {
    const { id, user, revision, composition } = job;
    await this.#audit.append(type === 'revoke' ? 'job-revoked' : 'job-recomposed', {
      job: id,
      jobRevision: revision,
      user: user.id,
      dataSet: composition.dataSet,
      cause,
      ...person(by),
    });
  }

  /** A person who was removed, or admitted again. */
  async userChanged(type: 'user-removed' | 'user-admitted', user: string, by?: string, cause?: string) {
    const because = cause === undefined ? {} : { cause };
    await this.#audit.append(type, { user, ...because, ...person(by) });
  }

  /** A change of the configuration through the API. */
  async configured({ kind, name, value, by }: ChangedObject): Promise<void> {
    const hash = value === undefined ? null : contentHash(value);
    await this.#audit.append('configuration-changed', { kind, name, hash, ...person(by) });
  }
}

const person = (by: string | undefined): { readonly by?: string } => (by === undefined ? {} : { by });

function named({ id, job, user, question }: RequestRecord): Readonly<Record<string, Json>> {
  return { request: id, ...(job === undefined ? {} : { job }), user: user.id, dataSet: question.dataSet };
}

/** Who asked what; the statement itself is in the request's record. */
function asked(record: RequestRecord): Readonly<Record<string, Json>> {
  const { followUp, jobRevision, question } = record;
  const { algorithm } = question;
  return {
    ...named(record),
    ...(jobRevision === undefined ? {} : { jobRevision }),
    followUp,
    statement: contentHash(question.query),
    algorithm: algorithm === undefined ? null : asRequested(algorithm),
  };
}

function decisionOf(decision: ProviderDecision): Json {
  const { provider } = decision;
  if (decision.approved) return { provider, approved: true, agreement: decision.agreementHash };
  return { provider, approved: false, reasons: decision.reasons.map(({ code }) => code) };
}
