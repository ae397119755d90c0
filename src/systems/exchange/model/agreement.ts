import { z } from 'zod';
import { isAgreementTime } from './agreement-time.js';
import { bareColumnName, objectName, partyId, tableName, userId } from './names.js';

/** The form of what leaves a provider as an answer: figures over groups of people, or single rows. */
export const outputForm = z.enum(['aggregates', 'rows']);
export type OutputForm = z.infer<typeof outputForm>;

/** Caps on one run and one job. What is left out is not capped by the agreement. */
export const limits = z.strictObject({
  timeSeconds: z.number().positive().max(3_600).exactOptional().describe('Seconds that one run may take.'),
  memoryMegabytes: z.int().min(1).exactOptional().describe('Megabytes (10⁶ bytes) that one run may use.'),
  rows: z.int().min(1).exactOptional().describe('Rows that one answer may have.'),
  resultMegabytes: z.number().positive().exactOptional().describe('Megabytes (10⁶ bytes) of one answer.'),
  jobHours: z.number().positive().max(8_784).exactOptional().describe('Hours that a job lives. Default: 24.'),
});
export type Limits = z.infer<typeof limits>;

/** The columns of each table that may be read; `*` stands for all of them. */
export const columnsByTable = z.record(tableName, z.union([z.array(bareColumnName).min(1), z.literal('*')]));
export type ColumnsByTable = z.infer<typeof columnsByTable>;

const agreementTime = z
  .string()
  .refine(
    isAgreementTime,
    'write a date as in 2027-06-30, or a time with its zone as in 2027-06-30T12:00:00Z',
  );

/** What one requester may do at the provider whose agreement this is part of. */
export const relation = z.strictObject({
  requestTypes: z.array(objectName).min(1),
  dataSets: z.record(objectName, z.strictObject({ columns: columnsByTable })),
  home: partyId
    .exactOptional()
    .describe(
      'The party that the requester belongs to, for archetypes that say so of who computes or gets the answer.',
    ),
  archetypes: z.array(objectName).min(1).describe('Who may compute, and who may get the result.'),
  computeProviders: z.array(partyId).exactOptional().describe('Third parties that may compute.'),
  output: z.strictObject({
    form: outputForm,
    minimumGroupSize: z
      .int()
      .min(1)
      .exactOptional()
      .describe('Fewest persons that a released group may have. Default: 10 for aggregates, 1 for rows.'),
    extremes: z.boolean().exactOptional().describe('Whether min and max may leave. Default: false.'),
    smallGroupsAtComputeProvider: z
      .boolean()
      .exactOptional()
      .describe(
        'Whether a compute provider may get figures of smaller groups, to merge them with those of others until they are large enough. Default: false.',
      ),
    rowsAtComputeProvider: z
      .boolean()
      .exactOptional()
      .describe(
        'Whether rows may go to a compute provider, which releases only what the form says. Default: true for rows, else false.',
      ),
  }),
  requiredSteps: z.array(objectName).exactOptional().describe('Steps that this provider always runs.'),
  foreignSteps: z
    .array(objectName)
    .exactOptional()
    .describe(
      'Foreign steps that may get rows of this provider, and whose figures may leave; those under requiredSteps may, too. Default: none.',
    ),
  limits: limits.exactOptional(),
  notBefore: agreementTime.exactOptional().describe('The first moment; a bare date starts at 00:00 UTC.'),
  expires: agreementTime.exactOptional().describe('The last moment; a bare date counts whole, in UTC.'),
});
export type Relation = z.infer<typeof relation>;

/** A data provider's own document; it is kept under the id of that provider. */
export const agreement = z.strictObject({
  title: z.string().max(200).exactOptional(),
  relations: z.record(userId, relation).describe('One entry per requester.'),
  denied: z
    .record(userId, z.string().min(1).max(500))
    .exactOptional()
    .describe('Requesters who get nothing, with the reason they are told; it goes before any relation.'),
});
export type Agreement = z.infer<typeof agreement>;
