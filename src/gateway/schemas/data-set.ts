import { z } from 'zod';
import type { DataSetOffer } from '../../systems/exchange/index.js';
import { listOf } from './shared-parts.js';

const table = z.strictObject({
  name: z.string(),
  rows: z.int().min(0),
  rejected: z.int().min(0).describe('Lines of the source that were left out.'),
  rejects: z.array(z.strictObject({ line: z.int().min(0), reason: z.string() })),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
});

/** A data set: what may be asked of it, of whom, and by whom. */
export const dataSetSchema = z
  .strictObject({
    name: z.string(),
    title: z.string(),
    description: z.string().exactOptional(),
    unit: z.array(z.string()).describe('The columns that identify a person.'),
    measures: z.array(
      z.strictObject({
        column: z.string(),
        title: z.string().exactOptional(),
        description: z.string().exactOptional(),
      }),
    ),
    groups: z.array(z.string()),
    filters: z.array(z.string()),
    algorithms: z.array(z.string()),
    defaults: z.strictObject({
      algorithm: z.string().exactOptional(),
      column: z.string().exactOptional(),
      groupBy: z.array(z.string()).exactOptional(),
    }),
    providers: z.array(
      z.strictObject({
        party: z.string(),
        state: z.enum(['importing', 'ready', 'failed', 'offline']),
        error: z.string().exactOptional(),
        importedAt: z.string().exactOptional(),
        tables: z.array(table),
        requesters: z.array(z.strictObject({ user: z.string(), form: z.enum(['aggregates', 'rows']) })),
      }),
    ),
  })
  .meta({ id: 'DataSetOffer' }) satisfies z.ZodType<DataSetOffer>;

/** All data sets. */
export const dataSetListSchema = listOf(dataSetSchema, 'DataSetList');
