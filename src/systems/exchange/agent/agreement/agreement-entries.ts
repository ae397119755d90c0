import type { AuditLog, AuditPage } from '../../../../kernel/audit/index.js';
import type { Json } from '../../../../kernel/state/index.js';
import { agreementHash } from '../../model/index.js';
import type { SignedAgreement } from '../agent.js';

const entryType = 'agreement-changed';
/** Entries that are read at once. */
const pageEntries = 1_000;

/** What the audit log says of an agreement that came in force. */
export interface AgreementEntry {
  readonly agreement: SignedAgreement;
  /** When it was changed, where it was taken over; ISO 8601, UTC. */
  readonly changedAt?: string;
}

/** Resolves when the entry is on disk. Throws what the audit log throws. */
export async function enterAgreement(
  { agreement: signed, changedAt }: AgreementEntry,
  audit: Pick<AuditLog, 'append'>,
): Promise<void> {
  const { version, agreement, changedBy } = signed;
  await audit.append(entryType, {
    version,
    agreement: agreement === null ? null : agreementHash(agreement),
    ...(changedBy === undefined ? { from: 'file' } : { by: changedBy }),
    ...(changedAt === undefined ? {} : { takenOver: changedAt }),
  });
}

/** Whether the log has the entry of a version; all of it may be read for that. */
export async function isEntered(version: number, audit: Pick<AuditLog, 'page'>): Promise<boolean> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const { items, next }: AuditPage = await audit.page({ limit: pageEntries, after });
    if (items.some(({ type, data }) => type === entryType && versionIn(data) === version)) return true;
    after = next;
  }
  return false;
}

function versionIn(data: Json): Json | undefined {
  return typeof data === 'object' && data !== null && 'version' in data ? data.version : undefined;
}
