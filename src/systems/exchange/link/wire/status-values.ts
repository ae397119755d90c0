import { z } from 'zod';
import type { AgentStatus } from '../../agent/agent.js';
import { partyId } from '../../model/names.js';
import { count, errorRecord, milliseconds, text } from './plain-values.js';
import { signedAgreement } from './values.js';

const importReport = z.looseObject({
  dataSet: text,
  fingerprint: text,
  file: text,
  tables: z.record(
    text,
    z.looseObject({
      rows: count,
      columns: z.array(z.looseObject({ name: text, type: text })),
      rejected: count,
      rejects: z.array(z.looseObject({ line: count, reason: text })),
      bytes: count,
      ms: milliseconds,
    }),
  ),
  ms: milliseconds,
  importedAt: text,
  reused: z.boolean(),
});

/** What an agent tells of itself. */
export const agentStatus: z.ZodType<AgentStatus> = z.looseObject({
  party: partyId,
  online: z.boolean(),
  dataSets: z.array(
    z.looseObject({
      name: text,
      state: z.enum(['importing', 'ready', 'failed']),
      imported: importReport.exactOptional(),
      error: errorRecord.exactOptional(),
    }),
  ),
  runs: z.looseObject({
    warm: count,
    working: count,
    waiting: count,
    max: count,
    queue: count,
    finished: count,
    refused: count,
    residentBytes: count,
  }),
  weaknesses: z.array(text),
  rowsAddress: z
    .url({ protocol: /^https$/ })
    .max(2_000)
    .exactOptional(),
  agreement: signedAgreement.exactOptional(),
});
