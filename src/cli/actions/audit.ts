import { type FileHandle, open } from 'node:fs/promises';
import { isSystemError, StarlingError } from '../../kernel/errors/index.js';
import { readAuditFile } from '../audit/audit-file.js';
import { type AuditSource, folderSource, gatewaySource } from '../audit/audit-source.js';
import { assertSound, verifyAudit } from '../audit/verify-audit.js';
import { auditPage, verdictText } from '../output/audit-page.js';
import type { Session } from '../session.js';

/** `starling audit show`. */
export async function showAudit(
  session: Session,
  party: string | undefined,
  { data, limit, after }: { readonly data?: string; readonly limit?: string; readonly after?: string },
): Promise<void> {
  const range = { limit: wholeNumber(limit, '--limit', 50), after: wholeNumber(after, '--after', 0) };
  await withSource(session, party, data, async (source) => {
    session.show(await source.page(range), (page) => auditPage(page, session.terminal));
  });
}

/** `starling audit export`: one line of JSON each. */
export async function exportAudit(
  session: Session,
  party: string | undefined,
  { data, output }: { readonly data?: string; readonly output: string },
): Promise<void> {
  await withSource(session, party, data, async (source) => {
    if (output === '-') {
      for await (const line of source.lines()) session.terminal.out(JSON.stringify(line));
      return;
    }
    const handle = await openNew(output);
    let entries = 0;
    try {
      for await (const line of source.lines()) {
        if (line.type === 'entry') entries += 1;
        await handle.write(`${JSON.stringify(line)}\n`);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    session.show({ file: output, entries }, () => `Wrote ${output}, ${entries} entries.`);
  });
}

/** `starling audit verify`. Throws `audit-broken` with everything that is wrong. */
export async function verifyAuditOf(
  session: Session,
  file: string | undefined,
  { data, heads = [] }: { readonly data?: string; readonly heads?: readonly string[] },
): Promise<void> {
  const counterparties = heads.map((one) => () => readAuditFile(one));
  const check = async (lines: Parameters<typeof verifyAudit>[0]) => {
    const verdict = await verifyAudit(lines, counterparties);
    assertSound(verdict);
    session.show(verdict, verdictText);
  };
  if ((file === undefined) === (data === undefined)) {
    throw new StarlingError('input-invalid', 'Which log? Give an exported file, or a folder with --data.');
  }
  if (file !== undefined) await check(() => readAuditFile(file));
  else await withSource(session, undefined, data, (source) => check(() => source.lines()));
}

async function withSource(
  session: Session,
  party: string | undefined,
  data: string | undefined,
  use: (source: AuditSource) => Promise<void>,
): Promise<void> {
  if (party !== undefined && data !== undefined) {
    const message = `A folder has the log of whoever it belongs to. Leave out ${party}, or --data.`;
    throw new StarlingError('input-invalid', message);
  }
  const source = data === undefined ? gatewaySource(session.client(), party) : await folderSource(data);
  try {
    await use(source);
  } finally {
    await source.close();
  }
}

function wholeNumber(text: string | undefined, option: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new StarlingError('input-invalid', `${option} takes a whole number, and "${text}" is none.`, {
    details: { option },
  });
}

async function openNew(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'wx', 0o600);
  } catch (thrown) {
    if (!isSystemError(thrown, 'EEXIST'))
      throw StarlingError.from(thrown, 'storage-failed', `${file} cannot be written`);
    throw new StarlingError('input-invalid', `${file} is there already. Name another file with --output.`);
  }
}
