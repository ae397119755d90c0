import { z } from 'zod';
import { party } from '../../systems/exchange/model/index.js';
import { errorSchema } from './problem.js';
import { isoTime, listOf } from './shared-parts.js';

const tableReport = z.strictObject({
  rows: z.int().min(0),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  rejected: z.int().min(0),
  rejects: z.array(z.strictObject({ line: z.int().min(0), reason: z.string() })),
  bytes: z.int().min(0),
  ms: z.number(),
});

const agent = z.strictObject({
  party: z.string(),
  online: z.boolean(),
  since: isoTime.exactOptional().describe('Since when; not before the gateway was started.'),
  dataSets: z.array(
    z.strictObject({
      name: z.string(),
      state: z.enum(['importing', 'ready', 'failed']),
      imported: z
        .strictObject({
          dataSet: z.string(),
          fingerprint: z.string().describe('Stands for the declaration and the content of every source.'),
          tables: z.record(z.string(), tableReport),
          ms: z.number(),
          importedAt: z.string(),
          reused: z.boolean(),
        })
        .exactOptional(),
      error: errorSchema.exactOptional(),
    }),
  ),
  runs: z
    .strictObject({
      warm: z.int().min(0),
      working: z.int().min(0),
      waiting: z.int().min(0),
      max: z.int().min(0),
      queue: z.int().min(0),
      finished: z.int().min(0),
      refused: z.int().min(0),
      residentBytes: z.int().min(0),
    })
    .exactOptional()
    .describe('The processes that compute: how many wait, work and may be.'),
  weaknesses: z
    .array(z.string())
    .exactOptional()
    .describe('What is weaker on its machine than it should be; for its stewards and operators.'),
  agreementVersion: z.int().min(1).exactOptional().describe('Of the agreement in force at the agent.'),
  unknownInAgreement: z
    .array(z.string())
    .exactOptional()
    .describe(
      'Names in its agreement that are not configured here, and so allow nothing; for its stewards and operators.',
    ),
});

/** A party with what its agent tells of itself. */
export const partySchema = z
  .strictObject({
    id: z.string(),
    ...party.shape,
    agent: agent.exactOptional().describe('Absent for a party without an agent.'),
  })
  .meta({ id: 'PartyWithAgent' });

/** All parties. */
export const partyListSchema = listOf(partySchema, 'PartyList');
