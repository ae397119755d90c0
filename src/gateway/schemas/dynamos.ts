import { z } from 'zod';
import { algorithmName, objectName, partyId, requestBody } from '../../systems/exchange/model/index.js';
import { errorSchema } from './problem.js';
import { reason } from './shared-parts.js';

const user = z.object({
  id: z.union([z.string(), z.number()]).exactOptional().describe('Not looked at.'),
  userName: requestBody.shape.user.shape.id,
});

const query = requestBody.shape.query;
const algorithm = z
  .union([algorithmName, z.literal('')])
  .exactOptional()
  .describe('What to compute, by the defaults of the data set; empty for rows.');
const options = z.record(z.string(), z.boolean()).exactOptional();

/** A request as clients of DYNAMOS send it. Fields that are not known are not looked at, as there. */
export const requestApprovalBody = z.object({
  type: objectName,
  user,
  dataProviders: z.array(partyId).min(1).max(64),
  data_request: z.object({
    type: z.string().exactOptional(),
    query,
    algorithm,
    options,
    requestMetadata: z.record(z.string(), z.unknown()).exactOptional(),
  }),
});

const jobId = z.string().min(1).max(200);

/** A question about a job, as clients of DYNAMOS send it to an agent. */
export const sqlDataRequestBody = z.object({
  type: objectName,
  user,
  query,
  algorithm,
  options,
  requestMetadata: z.object({ jobId }).describe('The job to ask again.'),
});

/** What a request of DYNAMOS is answered with. */
export const requestApprovalAnswer = z
  .strictObject({
    jobId: z.string(),
    responses: z
      .array(z.string())
      .describe(
        'One answer each, in the order asked; figures have three decimals. Empty where a provider failed.',
      ),
    results: z
      .array(
        z.strictObject({
          providers: z.array(z.string()),
          computedAt: z.string(),
          response: z.string(),
          error: errorSchema.exactOptional(),
        }),
      )
      .describe('The same answers, each with the providers whose data are in it.'),
    refused: z.array(z.strictObject({ provider: z.string(), reasons: z.array(reason) })),
    absent: z.array(z.string()).describe('Providers that allow it, and whose agents are offline.'),
    request: z.string().describe('The id of the request, with which it can be explained.'),
  })
  .meta({ id: 'DynamosAnswer' });

/** One answer as JSON: figures by name, or columns and rows of text. */
export const sqlDataAnswer = z
  .union([z.record(z.string(), z.string()), z.array(z.array(z.string()))])
  .meta({ id: 'DynamosResponse' });

/** Providers and compute providers whose agents are there, by party. */
export const availableProviders = z
  .record(
    z.string(),
    z.strictObject({
      name: z.string(),
      ActiveSince: z.iso.datetime(),
      ConfigUpdated: z.iso.datetime(),
      routingKey: z.string(),
      dns: z.string(),
    }),
  )
  .meta({ id: 'DynamosProviders' });
