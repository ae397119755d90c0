import type { AuditHead } from './audit-log.js';
import { type AuditReport, AuditScan } from './audit-scan.js';

/**
 * Checks a log against itself and against heads that others have of it. `entries` are as they are stored, oldest first,
 * and are read one at a time; nothing about their form is taken for granted. `heads` are verified (`verifyAuditHead`);
 * those of other owners are passed over. Without a head, a log that was cut at its end or written anew looks sound:
 * `confirmedTo` says how far heads reach.
 */
export async function verifyAuditLog(
  entries: AsyncIterable<unknown> | Iterable<unknown>,
  { owner, heads }: { readonly owner: string; readonly heads: readonly AuditHead[] },
): Promise<AuditReport> {
  const scan = new AuditScan(
    owner,
    heads.filter((head) => head.owner === owner),
  );
  for await (const entry of entries) scan.take(entry);
  return scan.report();
}
