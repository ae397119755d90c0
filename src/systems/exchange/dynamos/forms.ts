import { z } from 'zod';

const name = z.string().min(1).max(200);
const names = z.array(name);

/** A pattern of placement as DYNAMOS has it. The archetype with the lowest weight is taken there. */
export const dynamosArchetype = z.object({
  name,
  computeProvider: z.enum(['dataProvider', 'other']),
  resultRecipient: z.literal('requestor'),
  weight: z.number(),
});
export type DynamosArchetype = z.infer<typeof dynamosArchetype>;

/** What one requester may do at a data steward. `ID` stands for nothing. */
export const dynamosRelation = z.object({
  ID: z.string().default(''),
  requestTypes: names,
  dataSets: names,
  allowedArchetypes: names,
  allowedComputeProviders: names,
});
export type DynamosRelation = z.infer<typeof dynamosRelation>;

/** What a data steward allows; what holds for a relation is in the relation and in the lists of the whole. */
export const dynamosAgreement = z.object({
  name,
  relations: z.record(z.string(), dynamosRelation),
  computeProviders: names.default([]),
  archetypes: names.default([]),
});
export type DynamosAgreement = z.infer<typeof dynamosAgreement>;

/** A kind of request; optional services by the option that asks for each. */
export const dynamosRequestType = z.object({
  name,
  requiredServices: names,
  optionalServices: z.record(name, name),
});
export type DynamosRequestType = z.infer<typeof dynamosRequestType>;

const label = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(['dataprovider', 'computeprovider']))
  .transform((text) => (text === 'dataprovider' ? ('dataProvider' as const) : ('computeProvider' as const)));

/** Where a microservice belongs, and which may come after it. Labels are read without regard to case there. */
export const dynamosMicroservice = z.object({
  name,
  label,
  allowedOutputs: names,
  invalidArchetypes: names.default([]),
});
export type DynamosMicroservice = z.infer<typeof dynamosMicroservice>;

/** Tables in files, one of each per data steward. */
export const dynamosDataSet = z.object({
  name,
  type: z.literal('csv'),
  delimiter: z.string().length(1),
  tables: names.min(1),
  sensitive_columns: z.record(name, z.array(z.string())).default({}),
});
export type DynamosDataSet = z.infer<typeof dynamosDataSet>;

/** Microservices that a data steward adds to requests of a type. */
export const dynamosOptionalMicroservices = z.object({
  data_steward: name,
  types: z.record(name, names),
});
export type DynamosOptionalMicroservices = z.infer<typeof dynamosOptionalMicroservices>;
