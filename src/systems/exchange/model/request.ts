import { z } from 'zod';
import { algorithmName, bins, equalTo, mostColumns, mostQuantiles } from './algorithm.js';
import { objectName, partyId, userId } from './names.js';

/** Bytes of UTF-8 that a query may have. */
export const maxQueryBytes = 100_000;

const shortOrFullColumn = z
  .string()
  .min(1)
  .max(257)
  .meta({ examples: ['Salschal', 'Aanstellingen.Salschal'] });

/** The algorithm that a request asks for; what it leaves out comes from the defaults of the data set. */
export const requestedAlgorithm = z.strictObject({
  name: algorithmName.describe('What to compute.').meta({ examples: ['average'] }),
  column: shortOrFullColumn
    .exactOptional()
    .describe('The declared measure to compute over. Default: that of the data set. A count needs none.'),
  columns: z
    .array(shortOrFullColumn)
    .max(mostColumns)
    .exactOptional()
    .describe('The declared measures of a covariance or correlation.')
    .meta({ examples: [['Salschal', 'Taakomv']] }),
  outcome: z
    .union([
      shortOrFullColumn,
      z.strictObject({
        column: shortOrFullColumn,
        equals: equalTo.exactOptional().describe('The value that counts as 1; all others count as 0.'),
      }),
    ])
    .exactOptional()
    .describe('What a regression explains: a measure, or whether a group has one value.')
    .meta({ examples: ['Salschal', { column: 'Geslacht', equals: 'V' }] }),
  predictors: z
    .array(shortOrFullColumn)
    .min(1)
    .max(mostColumns - 1)
    .exactOptional()
    .describe('The measures that a regression explains its outcome by.')
    .meta({ examples: [['Taakomv']] }),
  quantiles: z
    .array(z.number().min(0).max(1))
    .min(1)
    .max(mostQuantiles)
    .exactOptional()
    .describe('The quantiles to compute. Default: the quartiles.')
    .meta({ examples: [[0.1, 0.5, 0.9]], default: [0.25, 0.5, 0.75] }),
  groupBy: z
    .array(shortOrFullColumn)
    .max(8)
    .exactOptional()
    .describe('Declared groups to divide the answer by; [] for none. Default: those of the data set.'),
  total: z.boolean().exactOptional().describe('Whether to add the figure over all groups. Default: false.'),
  bins: bins.exactOptional().describe('The bins of a histogram. Default: those of the data set.'),
});
export type RequestedAlgorithm = z.infer<typeof requestedAlgorithm>;

/** The body of a request: one question by one person. */
export const requestBody = z.strictObject({
  user: z
    .strictObject({
      id: userId.describe('Who asks, as agreements name them.'),
      name: z.string().min(1).max(200).exactOptional().describe('The name that people read.'),
    })
    .describe('The person who asks.'),
  requestType: objectName
    .exactOptional()
    .describe('The kind of request. Default: sqlDataRequest.')
    .meta({ default: 'sqlDataRequest', examples: ['sqlDataRequest'] }),
  dataSet: objectName
    .exactOptional()
    .describe('The data set. Default: the only one there is, or the only one all the providers offer.')
    .meta({ examples: ['wageGap'] }),
  dataProviders: z
    .array(partyId)
    .min(1)
    .max(64)
    .refine((ids) => new Set(ids).size === ids.length, 'a provider is named twice; name each once')
    .exactOptional()
    .describe('The providers to ask. Default: all that offer the data set.')
    .meta({ examples: [['VU', 'UVA']] }),
  query: z
    .string()
    .min(1)
    .refine((text) => Buffer.byteLength(text) <= maxQueryBytes, 'the query is longer than 100 kB; shorten it')
    .exactOptional()
    .describe('SQL over the tables of the data set. Default: the columns that the algorithm needs.')
    .meta({
      examples: ['SELECT Nationaliteit FROM Personen'],
    }),
  algorithm: requestedAlgorithm
    .exactOptional()
    .describe('What to compute. Without it, and with a query, the request asks for rows.'),
  options: z
    .record(z.string(), z.boolean())
    .exactOptional()
    .describe('Optional steps to have, by the option that each step declares.')
    .meta({ examples: [{ anonymize: true }] }),
  archetype: objectName
    .exactOptional()
    .describe('The archetype to use. Default: the one of highest weight that all agreements allow.')
    .meta({ examples: ['federatedAggregate'] }),
  computeProvider: partyId
    .exactOptional()
    .describe('The third party to compute at. Default: the first by name that all agreements allow.')
    .meta({ examples: ['SURF'] }),
  mixedArchetypes: z
    .boolean()
    .exactOptional()
    .describe(
      'Whether providers without an archetype in common may answer under different ones. Default: false.',
    ),
  allowPartial: z
    .boolean()
    .exactOptional()
    .describe('Whether one answer of several providers may go without those that fail. Default: false.'),
  limits: z
    .strictObject({
      timeSeconds: z.number().positive().max(3_600).exactOptional().describe('Seconds for one run.'),
    })
    .exactOptional()
    .describe('Limits of the request itself; the stricter of these and the agreement counts.'),
});
export type RequestBody = z.infer<typeof requestBody>;
