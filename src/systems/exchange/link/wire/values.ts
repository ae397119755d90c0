import { z } from 'zod';
import { type ErrorRecord, isErrorCode } from '../../../../kernel/errors/index.js';
import type { PublicKey } from '../../../../kernel/identity/index.js';
import type {
  AgentAudit,
  AgentStatus,
  AgreementChange,
  AuditQuery,
  ChainOutcome,
  ChainProgress,
  SignedAgreement,
} from '../../agent/agent.js';
import { agreement } from '../../model/agreement.js';
import { mostColumns, mostQuantiles } from '../../model/algorithm.js';
import { fit } from '../../model/fit.js';
import { partyId, userId } from '../../model/names.js';
import type { Order } from '../../order/index.js';
import type { Phase } from '../../runs/order.js';
import type { Partials } from '../../steps/index.js';
import type { RowsSource } from '../../transfer/rows-source.js';

const count = z.number().int().nonnegative();
const milliseconds = z.number().nonnegative();
const text = z.string();
const jws = z.string().max(1024 * 1024);

// Loose objects let pass what a newer peer says besides; a member that is read here is held to its form here.

/** An Ed25519 public key; whoever pins it checks that `kid` is its thumbprint. */
export const publicKey: z.ZodType<PublicKey> = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: text.regex(/^[A-Za-z0-9_-]{43}$/),
  kid: text.regex(/^[A-Za-z0-9_-]{43}$/),
});

/** An error of the other end. A code that is not known here stands for an error of Starling itself. */
export const errorRecord: z.ZodType<ErrorRecord> = z
  .object({ code: text, message: text, details: z.record(text, z.unknown()).exactOptional() })
  .transform((record) => ({
    ...record,
    code: isErrorCode(record.code) ? record.code : ('internal' as const),
  }));

const cell = z.union([text, z.number(), z.boolean(), z.null()]);
const withheld = z.looseObject({ groups: count, total: z.boolean(), minimumGroupSize: z.number() });
/** Bounded, since whoever merges computes with ten to the power of the scale. */
const quantity = z.union([
  z.strictObject({ exact: text.regex(/^-?\d{1,400}$/), scale: z.int().min(0).max(400) }),
  z.strictObject({ double: z.number() }),
]);
/** Numbers of buckets lie between this and its negative. */
const mostBuckets = 200_000;
/** As many as an algorithm has columns, or pairs of them. */
const columnsOf = <Item extends z.ZodType>(item: Item) => z.array(item).max(mostColumns).exactOptional();
const trianglesOf = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .max((mostColumns * (mostColumns + 1)) / 2)
    .exactOptional();
const bucket = z.int().min(-mostBuckets).max(mostBuckets).nullable();
const span = z.strictObject({ low: bucket, high: bucket, rows: count });
const state = z.looseObject({
  rows: count,
  sum: quantity.exactOptional(),
  squares: quantity.exactOptional(),
  mean: z.number().exactOptional(),
  squaredDifferences: z.number().exactOptional(),
  extreme: quantity.exactOptional(),
  spans: z.array(span).max(mostBuckets).exactOptional(),
  sums: columnsOf(quantity),
  products: trianglesOf(quantity),
  means: columnsOf(z.number()),
  coMoments: trianglesOf(z.number()),
  otherOutcomes: z.literal(true).exactOptional(),
  logLikelihood: z.number().exactOptional(),
  gradient: columnsOf(z.number()),
  information: trianglesOf(z.number()),
});

const partials = z.looseObject({
  algorithm: text,
  groups: z.array(text),
  columns: z.array(text).max(mostColumns).exactOptional(),
  quantiles: z.array(z.number().min(0).max(1)).max(mostQuantiles).exactOptional(),
  fit: fit.exactOptional(),
  rows: z.array(
    z.looseObject({ group: z.array(cell), total: z.boolean(), state, persons: count.exactOptional() }),
  ),
  withheld,
}) satisfies z.ZodType<Partials>;

const phaseNames = {
  open: true,
  parse: true,
  bind: true,
  authorise: true,
  execute: true,
  'count persons': true,
  fingerprint: true,
  combine: true,
  merge: true,
} satisfies Record<Phase['name'], true>;
const phaseName = z.custom<Phase['name']>(
  (name) => typeof name === 'string' && Object.hasOwn(phaseNames, name),
);

/** How far an order is. */
export const phase: z.ZodType<ChainProgress['phase']> = z.union([
  z.enum(['verified', 'waiting for a run', 'ready for rows']),
  phaseName,
]);

const table = z.looseObject({ columns: z.array(text), rows: z.array(z.record(text, cell)), withheld });

/** What came of an order. */
export const chainOutcome: z.ZodType<ChainOutcome> = z.looseObject({
  report: z.looseObject({
    result: z.discriminatedUnion('kind', [
      z.looseObject({ kind: z.literal('answer'), table, graph: z.record(text, z.json()).exactOptional() }),
      z.looseObject({ kind: z.literal('partials'), partials }),
      z.looseObject({ kind: z.literal('round'), fit }),
      z.looseObject({ kind: z.literal('rows'), columns: z.array(text), rows: count }),
      z.looseObject({
        kind: z.literal('sent'),
        to: partyId,
        columns: z.array(text),
        rows: count,
        bytes: count,
        hash: text,
      }),
    ]),
    statement: text.exactOptional(),
    crossJoined: z.boolean().exactOptional(),
    read: z.array(text),
    phases: z.array(z.looseObject({ name: phaseName, ms: milliseconds })),
  }),
  receipt: jws,
  waitedMs: milliseconds,
  ranMs: milliseconds,
});

/** The providers that sent all of their rows, with their receipts. */
export const rowsSources: z.ZodType<readonly RowsSource[]> = z
  .array(z.strictObject({ party: partyId, receipt: jws }))
  .max(1_000);

/** An order with its inputs. */
export const order: z.ZodType<Order> = z.strictObject({
  signed: jws,
  inputs: z.array(partials),
  traceparent: text.max(256).exactOptional(),
});

const role = z.union([
  z.enum(['requester', 'operator']),
  z.templateLiteral(['steward:', partyId]),
  z.templateLiteral(['service:', z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)]),
]);

const caller = z.strictObject({
  person: z.strictObject({
    id: userId,
    name: text.max(500).exactOptional(),
    roles: z.array(role).max(1000),
    issuer: text.max(2000).exactOptional(),
  }),
  token: text.max(16_384).exactOptional(),
});

/** A change of an agreement that somebody asks for. */
export const agreementChange: z.ZodType<AgreementChange> = z.strictObject({
  agreement: agreement.nullable(),
  ifVersion: count.exactOptional(),
  caller,
});

/** What somebody wants to read of an audit log. */
export const auditQuery: z.ZodType<AuditQuery> = z.strictObject({
  limit: z.int().min(1).max(10_000),
  after: count.exactOptional(),
  caller,
});

/** An agreement as its party signed it; whoever relies on it verifies the signature. */
export const signedAgreement: z.ZodType<SignedAgreement> = z.looseObject({
  party: partyId,
  version: count,
  agreement: agreement.nullable(),
  signedAt: text,
  changedBy: text.exactOptional(),
  signed: jws,
});

/** A page of an audit log. */
export const agentAudit: z.ZodType<AgentAudit> = z.looseObject({
  items: z.array(
    z.strictObject({
      sequence: count,
      at: text,
      type: text,
      data: z.json(),
      previous: text,
      hash: text,
    }),
  ),
  next: count.exactOptional(),
  head: jws,
  keys: z.array(publicKey),
});

const importReport = z.looseObject({
  dataSet: text,
  fingerprint: text,
  file: text,
  tables: z.record(
    text,
    z.looseObject({
      rows: count,
      columns: z.array(z.looseObject({ name: text, type: text })),
      rejected: count,
      rejects: z.array(z.looseObject({ line: count, reason: text })),
      bytes: count,
      ms: milliseconds,
    }),
  ),
  ms: milliseconds,
  importedAt: text,
  reused: z.boolean(),
});

/** What an agent tells of itself. */
export const agentStatus: z.ZodType<AgentStatus> = z.looseObject({
  party: partyId,
  online: z.boolean(),
  dataSets: z.array(
    z.looseObject({
      name: text,
      state: z.enum(['importing', 'ready', 'failed']),
      imported: importReport.exactOptional(),
      error: errorRecord.exactOptional(),
    }),
  ),
  runs: z.looseObject({
    warm: count,
    working: count,
    waiting: count,
    max: count,
    queue: count,
    finished: count,
    refused: count,
    residentBytes: count,
  }),
  weaknesses: z.array(text),
  rowsAddress: z
    .url({ protocol: /^https$/ })
    .max(2_000)
    .exactOptional(),
  agreement: signedAgreement.exactOptional(),
});
