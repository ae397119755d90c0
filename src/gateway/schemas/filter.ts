import { z } from 'zod';
import { listOf } from './shared-parts.js';

/** What can be done to a file. */
export const filterListSchema = listOf(
  z
    .strictObject({
      name: z.string(),
      title: z.string(),
      parameters: z
        .record(z.string(), z.unknown())
        .describe('JSON Schema of what it takes, with what is taken where a parameter is left out.'),
    })
    .meta({ id: 'Filter' }),
  'FilterList',
);
