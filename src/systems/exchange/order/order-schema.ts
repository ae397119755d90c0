import { z } from 'zod';
import { publicKeySchema } from '../../../kernel/identity/index.js';
import type { Chain } from '../compose/index.js';
import {
  algorithmName,
  bins,
  columnsByTable,
  equalTo,
  fit,
  limits,
  mostColumns,
  mostQuantiles,
  type NormalRequest,
  outputForm,
  release,
} from '../model/index.js';
import type { OrderClaims, ReceiptClaims } from './order-claims.js';

/** Longest name of anything in an order, in characters. */
const name = z.string().max(300);
const names = z.array(name).max(1_000);
const hash = z.string().max(64);
const jws = z.string().max(20_000);
/** A NumericDate up to the year 9999, so that it can be shown. */
const numericDate = z.int().min(0).max(253_402_300_799);

const question = z.strictObject({
  user: z.strictObject({ id: name, name: name.exactOptional() }),
  requestType: name,
  dataSet: name,
  dataProviders: names,
  query: z.string().max(1_000_000),
  queryGiven: z.boolean(),
  crossJoinWithoutOn: z.literal(true).exactOptional(),
  algorithm: z
    .strictObject({
      name: algorithmName,
      column: name.exactOptional(),
      columns: z.array(name).max(mostColumns).exactOptional(),
      outcome: z.strictObject({ column: name, equals: equalTo.exactOptional() }).exactOptional(),
      predictors: z.array(name).max(mostColumns).exactOptional(),
      quantiles: z.array(z.number().min(0).max(1)).max(mostQuantiles).exactOptional(),
      groupBy: names,
      total: z.boolean(),
      bins: bins.exactOptional(),
    })
    .exactOptional(),
  options: names,
  archetype: name.exactOptional(),
  computeProvider: name.exactOptional(),
  mixedArchetypes: z.literal(true).exactOptional(),
  allowPartial: z.literal(true).exactOptional(),
  limits: z.strictObject({ timeSeconds: z.number().positive().exactOptional() }),
  form: outputForm,
}) satisfies z.ZodType<NormalRequest>;

const anyChain = {
  party: name,
  archetype: name,
  steps: z.array(z.strictObject({ step: name, mode: z.enum(['whole', 'partial', 'merge']) })).max(100),
  releases: release,
  receivesFrom: names,
  output: z.strictObject({
    form: outputForm,
    minimumGroupSize: z.int().min(1),
    extremes: z.boolean(),
    smallGroupsAtComputeProvider: z.literal(true).exactOptional(),
    rowsAtComputeProvider: z.literal(true).exactOptional(),
  }),
  limits,
};

const chain = z.discriminatedUnion('place', [
  z.strictObject({
    ...anyChain,
    place: z.literal('dataProvider'),
    computeProvider: name.exactOptional(),
    columns: columnsByTable,
    agreementRevision: z.int().min(0),
    agreementHash: hash,
  }),
  z.strictObject({ ...anyChain, place: z.literal('computeProvider'), receives: release }),
]) satisfies z.ZodType<Chain>;

/** The form of an order's claims. What signs them may be hostile: whatever has another form is refused. */
export const orderSchema = z.strictObject({
  jti: z.string().min(1).max(200),
  iss: hash,
  aud: name,
  iat: numericDate,
  nbf: numericDate,
  exp: numericDate,
  request: name,
  job: name,
  jobRevision: z.int().min(1),
  token: jws.exactOptional(),
  question,
  chain,
  agreement: hash.exactOptional(),
  dataSet: hash,
  peers: z
    .array(
      z.strictObject({
        party: name,
        keys: z.array(publicKeySchema).max(20),
        address: z
          .url({ protocol: /^https$/ })
          .max(2_000)
          .exactOptional(),
        order: name.exactOptional(),
      }),
    )
    .max(1_000),
  fit: fit.exactOptional(),
  inputs: hash,
  auditHead: jws.exactOptional(),
}) satisfies z.ZodType<OrderClaims>;

const transferred = { rows: z.int().min(0), bytes: z.int().min(0), hash };

/** The form of a receipt's claims. */
export const receiptSchema = z.strictObject({
  order: z.string().max(200),
  request: name,
  iss: name,
  aud: hash,
  iat: numericDate,
  outcome: z.enum(['released', 'refused', 'failed']),
  released: hash.exactOptional(),
  sent: z.strictObject({ ...transferred, to: name }).exactOptional(),
  received: z
    .array(z.strictObject({ ...transferred, party: name }))
    .max(1_000)
    .exactOptional(),
  agreement: hash.exactOptional(),
  auditHead: jws,
}) satisfies z.ZodType<ReceiptClaims>;
