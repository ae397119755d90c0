import { z } from 'zod';
import { algorithmName, bins } from './algorithm.js';
import { checkDataSet } from './data-set-checks.js';
import { bareColumnName, columnName, partyId, tableName } from './names.js';

/** How one column is made less revealing when a request or an agreement asks for anonymised rows. */
export const anonymizeRule = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('pseudonymize') }).describe('Replace by a keyed code, equal for equal.'),
  z
    .strictObject({ method: z.literal('truncateDate'), to: z.enum(['year', 'month', 'day']) })
    .describe('Cut a date; the values are of type DATE, or YYYYMMDD as text or whole number.'),
  z
    .strictObject({
      method: z.literal('band'),
      width: z.number().positive(),
      origin: z.number().exactOptional(),
    })
    .describe('Replace a number by the lower edge of its band; bands start at origin, or 0.'),
  z.strictObject({ method: z.literal('drop') }).describe('Leave the column out.'),
]);
export type AnonymizeRule = z.infer<typeof anonymizeRule>;

const duckdbType = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_ (),]{0,99}$/, 'write a DuckDB type, as in BIGINT, DATE or DECIMAL(9, 2)');

/** One table of a data set. `types` overrules what a reader of the file would guess for a column. */
export const table = z.strictObject({
  title: z.string().max(200).exactOptional(),
  types: z.record(bareColumnName, duckdbType).exactOptional(),
});
export type Table = z.infer<typeof table>;

/** A file that holds one table. A relative path starts at the folder of the configuration file. */
export const tableFile = z.strictObject({
  file: z.string().min(1).describe('The path of the file.'),
  format: z.enum(['csv', 'parquet', 'duckdb']).exactOptional().describe('Default: by the file name.'),
  delimiter: z
    .string()
    .length(1)
    .exactOptional()
    .describe('Of a CSV file. Default: found out from the file.'),
  table: z.string().min(1).exactOptional().describe('Of a DuckDB file: the table in it, if named otherwise.'),
});
export type TableFile = z.infer<typeof tableFile>;

/**
 * Where a provider's rows come from: made up from a seed (equal seeds give equal rows), read from files, or for the provider's
 * own agent to say, in a configuration of its own.
 */
export const source = z.union([
  z.strictObject({
    sample: z
      .strictObject({
        seed: z.int().min(0),
        people: z.int().min(1).max(10_000_000).exactOptional(),
        appointments: z.int().min(1).max(10_000_000).exactOptional(),
      })
      .refine(
        ({ people, appointments }) =>
          people === undefined || appointments === undefined || appointments >= people,
        'a sample has at least one appointment for each of its people; ask for as many',
      ),
  }),
  z.strictObject({ tables: z.record(tableName, tableFile) }),
  z.strictObject({ atAgent: z.literal(true) }),
]);
export type Source = z.infer<typeof source>;

/** What a request gets where it leaves something out. `from` is the FROM clause of a query that names no tables. */
export const dataSetDefaults = z.strictObject({
  from: z.string().min(1).max(10_000),
  algorithm: algorithmName.exactOptional(),
  column: columnName.exactOptional(),
  groupBy: z.array(columnName).max(8).exactOptional(),
  bins: z.record(columnName, bins).exactOptional(),
});

/** A name of its own for one figure, for those who read the answer as a flat record. */
export const resultName = z.strictObject({
  algorithm: algorithmName,
  column: columnName.exactOptional(),
  group: z.record(columnName, z.union([z.string(), z.number(), z.boolean(), z.null()])),
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'write letters, digits and underscores only'),
});
export type ResultName = z.infer<typeof resultName>;

/** Tables that providers offer, with what is declared of them; columns are named `Table.column`. */
export const dataSet = z
  .strictObject({
    title: z.string().min(1).max(200),
    description: z.string().max(2_000).exactOptional(),
    unit: z
      .array(columnName)
      .min(1)
      .describe('The columns that identify a person, one per table with persons.'),
    tables: z.record(tableName, table),
    measures: z.record(
      columnName,
      z.strictObject({
        title: z.string().max(200).exactOptional(),
        description: z.string().max(2_000).exactOptional(),
      }),
    ),
    groups: z.array(columnName).describe('Columns that an answer may be divided by.'),
    filters: z.array(columnName).describe('Columns that a query may restrict rows by.'),
    anonymize: z.record(columnName, anonymizeRule).exactOptional(),
    defaults: dataSetDefaults,
    resultNames: z.array(resultName).exactOptional(),
    sources: z.record(partyId, source).describe('The providers that offer the data set, with their rows.'),
  })
  .check((context) => {
    for (const { path, message } of checkDataSet(context.value)) {
      context.issues.push({ code: 'custom', input: context.value, path: [...path], message, continue: true });
    }
  });
export type DataSet = z.infer<typeof dataSet>;
