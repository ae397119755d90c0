import type { AuditLog } from '../../../kernel/audit/index.js';
import type { Clock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import { contentHash, type SigningKey } from '../../../kernel/identity/index.js';
import type { Json } from '../../../kernel/state/index.js';
import { takerOf } from '../compose/index.js';
import { type OpenedOrder, type OrderClaims, type ReceiptClaims, signReceipt } from '../order/index.js';
import type { RunReport, SentResult } from '../runs/index.js';

/** The stream of rows that left, as it was. */
export interface RowsThatLeft {
  readonly bytes: number;
  /** SHA-256 over them, in base64url. */
  readonly hash: string;
}

/** What passed beside a result: rows that left as a stream, and rows that came from providers. */
export interface Traffic {
  readonly rows?: RowsThatLeft | undefined;
  readonly received?: ReceiptClaims['received'];
}

export interface OrderEntriesOptions {
  readonly party: string;
  readonly audit: AuditLog;
  readonly key: SigningKey;
  readonly clock: Pick<Clock, 'wallTime'>;
}

/**
 * What a party's audit log says of orders, and the receipts that bind it. Each entry is on disk before its promise resolves;
 * where one rejects, nothing may leave.
 */
export class OrderEntries {
  readonly #options: OrderEntriesOptions;

  constructor(options: OrderEntriesOptions) {
    this.#options = options;
  }

  /** Something that came as an order and that its gateway did not sign: nothing in it is believed. */
  async unsigned(signed: string, refusal: StarlingError): Promise<void> {
    const reasons = { reasons: json(refusal.details?.reasons ?? [refusal.message]) };
    await this.#options.audit.append('order-refused', { signed: contentHash(signed), ...reasons });
  }

  /** An order that is taken, and the head of the gateway's log that came with it. */
  async received({ claims, head }: OpenedOrder): Promise<void> {
    const { audit } = this.#options;
    const received = audit.append('order-received', { ...asked(claims), form: claims.chain.output.form });
    const kept =
      head === undefined || claims.auditHead === undefined ? undefined : audit.keep(head, claims.auditHead);
    await Promise.all([received, kept]);
  }

  /** Rows that are about to go to a foreign step, and to which host. */
  async rowsToStep(claims: OrderClaims, step: string, host: string): Promise<void> {
    await this.#options.audit.append('rows-to-step', { ...asked(claims), step, host });
  }

  /** The outcome of a chain, before it leaves. Resolves to the receipt. */
  async released(
    claims: OrderClaims,
    { result, read }: RunReport,
    { rows, received }: Traffic = {},
  ): Promise<string> {
    const released = contentHash(result);
    await this.#options.audit.append('released', {
      ...asked(claims),
      to: takerOf(claims.chain) ?? claims.question.user.id,
      read: json(read),
      released,
      ...left(result),
      ...(rows === undefined ? {} : { bytes: rows.bytes, stream: rows.hash }),
      ...(received === undefined ? {} : { received: json(received) }),
    });
    return this.#receipt(claims, 'released', {
      released,
      ...(result.kind === 'sent' ? { sent: sentOf(result) } : {}),
      ...(received === undefined ? {} : { received }),
    });
  }

  /** The error that an order ended with, with the receipt in its details. */
  async ended(claims: OrderClaims, error: StarlingError): Promise<StarlingError> {
    const outcome = error.code === 'order-refused' ? 'refused' : 'failed';
    await this.#options.audit.append(`order-${outcome}`, {
      ...asked(claims),
      code: error.code,
      ...(outcome === 'refused'
        ? { reasons: json(error.details?.reasons ?? []) }
        : { message: error.message }),
    });
    const details = { ...error.details, receipt: await this.#receipt(claims, outcome) };
    return new StarlingError(error.code, error.message, { details, cause: error.cause ?? error });
  }

  async #receipt(
    { jti, request, iss, agreement }: OrderClaims,
    outcome: ReceiptClaims['outcome'],
    what: Pick<ReceiptClaims, 'released' | 'sent' | 'received'> = {},
  ): Promise<string> {
    const { party, audit, key, clock } = this.#options;
    const claims: ReceiptClaims = {
      order: jti,
      request,
      iss: party,
      aud: iss,
      iat: Math.floor(clock.wallTime() / 1000),
      outcome,
      ...what,
      ...(agreement === undefined ? {} : { agreement }),
      auditHead: await audit.head(),
    };
    return signReceipt(claims, key);
  }
}

/** Who asked what, as every entry on an order says it. */
function asked(claims: OrderClaims): Readonly<Record<string, Json>> {
  const { jti, iss, request, job, jobRevision, chain, agreement, question, fit } = claims;
  const computeProvider = chain.place === 'computeProvider' ? chain.party : takerOf(chain);
  return {
    order: jti,
    gateway: iss,
    request,
    job,
    jobRevision,
    user: question.user.id,
    dataSet: question.dataSet,
    statement: question.query,
    algorithm: json(question.algorithm ?? null),
    // what a round computed with says what could be learnt from it
    ...(fit === undefined ? {} : { fit: json(fit) }),
    archetype: chain.archetype,
    ...(computeProvider === undefined ? {} : { computeProvider }),
    ...(agreement === undefined ? {} : { agreement }),
  };
}

function sentOf({ to, rows, bytes, hash }: SentResult): NonNullable<ReceiptClaims['sent']> {
  return { to, rows, bytes, hash };
}

/** How much left: groups of figures and what was withheld, or rows. */
function left(result: RunReport['result']): Readonly<Record<string, Json>> {
  if (result.kind === 'sent') return json(result) as Readonly<Record<string, Json>>;
  if (result.kind === 'rows') return { kind: 'rows', columns: json(result.columns), rows: result.rows };
  if (result.kind === 'round') return { kind: 'round', next: json(result.fit) };
  const { rows, withheld } = result.kind === 'answer' ? result.table : result.partials;
  const bytes = Buffer.byteLength(JSON.stringify(result));
  return { kind: result.kind, groups: rows.length, withheld: json(withheld), bytes };
}

/** What is plain JSON already, as the type of it. */
function json(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
