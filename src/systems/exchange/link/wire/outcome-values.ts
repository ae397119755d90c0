import { z } from 'zod';
import type { ChainOutcome, ChainProgress } from '../../agent/agent.js';
import { mostColumns, mostQuantiles } from '../../model/algorithm.js';
import { fit } from '../../model/fit.js';
import { partyId } from '../../model/names.js';
import type { Phase } from '../../runs/order.js';
import type { Partials } from '../../steps/index.js';
import type { RowsSource } from '../../transfer/rows-source.js';
import { count, jws, milliseconds, text } from './plain-values.js';

// Loose objects let pass what a newer peer says besides; a member that is read here is held to its form here.

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

/** What a provider's part of a figure is made of. */
export const partials = z.looseObject({
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
