import {
  type AuditHead,
  type AuditReport,
  verifyAuditHead,
  verifyAuditLog,
} from '../../kernel/audit/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { AuditLine } from './audit-file.js';

/**
 * What came of a verification: what is wrong with the log, and how many heads it was held against. `confirmedTo` counts heads of
 * counterparties alone: the log's owner can sign a head of anything.
 */
export interface AuditVerdict extends AuditReport {
  readonly heads: { readonly checked: number; readonly ofCounterparties: number };
}

type Lines = () => AsyncIterable<AuditLine>;

/**
 * Holds an exported log against itself, against its own head, and against the heads of it in what counterparties exported.
 * Throws `input-invalid` where a file is no export, and `signature-invalid` for a head that nobody's key signed.
 */
export async function verifyAudit(log: Lines, counterparties: readonly Lines[]): Promise<AuditVerdict> {
  let owner: string | undefined;
  const heads: AuditHead[] = [];
  let keys: Extract<AuditLine, { type: 'log' }>['keys'] = [];
  for await (const line of log()) {
    if (line.type === 'log') ({ owner, keys } = line);
    if (line.type === 'head' && owner !== undefined && keys.length > 0) {
      heads.push(await verifyAuditHead(line.head, keys, owner));
    }
  }
  if (owner === undefined)
    throw new StarlingError('input-invalid', 'The exported log does not say whose it is.');
  const kept: AuditHead[] = [];
  for (const lines of counterparties) kept.push(...(await headsOf(owner, lines())));
  const report = await verifyAuditLog(entriesOf(log()), { owner, heads: [...heads, ...kept] });
  const reach = kept.reduce((most, { sequence }) => Math.max(most, sequence), 0);
  return {
    ...report,
    confirmedTo: Math.min(report.confirmedTo, reach),
    heads: { checked: heads.length + kept.length, ofCounterparties: kept.length },
  };
}

/** The heads of `owner`'s log that somebody kept, by the keys that they know the owner by. */
async function headsOf(owner: string, lines: AsyncIterable<AuditLine>): Promise<AuditHead[]> {
  const heads: AuditHead[] = [];
  for await (const line of lines) {
    if (line.type !== 'received' || line.owner !== owner) continue;
    heads.push(await verifyAuditHead(line.head, line.keys, owner));
  }
  return heads;
}

async function* entriesOf(lines: AsyncIterable<AuditLine>): AsyncGenerator<unknown> {
  for await (const line of lines) if (line.type === 'entry') yield line.entry;
}

/** `audit-broken` with every finding, where there is one. */
export function assertSound(verdict: AuditVerdict): void {
  if (verdict.isSound) return;
  const found = verdict.findings.map(({ kind, message }) => `\n  ${kind}: ${message}`).join('');
  const message = `The audit log of ${verdict.owner} is not what it was. Keep it as it is, and find out who could write to it:${found}`;
  throw new StarlingError('audit-broken', message, { details: { ...verdict } });
}
