import { z } from 'zod';
import type { StoredImport } from './import-report.js';

const count = z.number().int().nonnegative();

const tableReport = z.object({
  rows: count,
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rejected: count,
  rejects: z.array(z.object({ line: count, reason: z.string() })),
  bytes: count,
  ms: z.number().nonnegative(),
});

const sourceStamp = z.object({ file: z.string(), size: z.string(), modified: z.string(), inode: z.string() });

const storedImport = z.object({
  dataSet: z.string(),
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
  tables: z.record(z.string(), tableReport),
  ms: z.number().nonnegative(),
  importedAt: z.iso.datetime(),
  confirmedAt: z.iso.datetime(),
  specification: z.string(),
  sources: z.array(sourceStamp),
});

/** The stored form in `text`, or `undefined` where it is anything else. */
export function parseStoredImport(text: string): StoredImport | undefined {
  try {
    return storedImport.safeParse(JSON.parse(text)).data;
  } catch {
    // Cut by a crash or edited: an import that cannot be read is an import that is not there.
    return undefined;
  }
}
