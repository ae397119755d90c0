import type { AuditEntry } from '../../kernel/audit/index.js';
import type { ShownPage } from '../audit/audit-source.js';
import type { AuditVerdict } from '../audit/verify-audit.js';
import { askedText, list, short } from './entry-parts.js';
import type { PageOptions } from './explanation-page.js';
import { amountText, bytesText, timeText } from './figures.js';
import { gatewayEntryText } from './gateway-entry-text.js';
import { plain } from './paint.js';
import { table } from './table.js';

/** A page of an audit log: when, who, what of, what was asked, what came of it and what left. */
export function auditPage(page: ShownPage, options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  if (page.items.length === 0) return `The audit log of ${page.owner} has no entries here.`;
  const rows = page.items.map((entry) => {
    const { user, dataSet } = fields(entry);
    return [entry.sequence, timeText(entry.at), text(user), text(dataSet), eventText(entry)];
  });
  const body = table(['', 'time', 'who', 'data set', 'what'], rows, { paint, width });
  if (page.next === undefined) return body;
  return `${body}\n\n${paint('aside', `More: --after ${page.next}`)}`;
}

const fields = ({ data }: AuditEntry): Readonly<Record<string, unknown>> =>
  typeof data === 'object' && data !== null ? { ...data } : {};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What an entry tells, in a sentence; of a type that is not known here, its members. */
function eventText(entry: AuditEntry): string {
  const data = fields(entry);
  switch (entry.type) {
    case 'order-received':
      return `asked: ${askedText(data)}`;
    case 'released':
      return `left the house, to ${String(data.to)}: ${leftText(data)}`;
    case 'rows-to-step':
      return `rows go to step ${String(data.step)} at ${String(data.host)}: ${askedText(data)}`;
    case 'order-refused':
      return `refused: ${list(data.reasons, ' ') || String(data.code ?? '')}`;
    case 'order-failed':
      return `failed: ${String(data.message ?? data.code)}`;
    case 'agreement-changed': {
      const who = data.by === undefined ? 'its file' : String(data.by);
      const earlier =
        data.takenOver === undefined ? '' : `, taken over as it was since ${String(data.takenOver)}`;
      return `agreement version ${String(data.version)}, ${data.agreement === null ? 'which allows nothing, ' : ''}by ${who}${earlier}`;
    }
    default: {
      const told = gatewayEntryText(entry.type, data);
      if (told !== undefined) return told;
      const members = Object.entries(data).map(([name, value]) => `${name} ${short(value)}`);
      return `${entry.type}${members.length === 0 ? '' : `: ${members.join(', ')}`}`;
    }
  }
}

function leftText(data: Readonly<Record<string, unknown>>): string {
  const bytes = typeof data.bytes === 'number' ? `, ${bytesText(data.bytes)}` : '';
  if (data.kind === 'rows') return `${amountText(Number(data.rows), 'row')} of ${list(data.columns)}${bytes}`;
  if (data.kind === 'round') return 'coefficients for the next round of a fit';
  const { withheld } = data;
  const kept =
    typeof withheld === 'object' && withheld !== null && 'groups' in withheld ? Number(withheld.groups) : 0;
  const what = data.kind === 'partials' ? 'partial figures' : 'figures';
  const hidden = kept === 0 ? '' : `, ${amountText(kept, 'group')} withheld`;
  return `${what} over ${amountText(Number(data.groups), 'group')}${hidden}${bytes}`;
}

/** What came of a verification that found nothing wrong. */
export function verdictText({ owner, entries, confirmedTo, heads }: AuditVerdict): string {
  const sound = `The audit log of ${owner} is whole: ${amountText(entries, 'entry', 'entries')}, none changed, missing or moved.`;
  const counterparties = `${amountText(heads.ofCounterparties, 'head')} of counterparties`;
  if (heads.ofCounterparties === 0) {
    return `${sound}\nNo head of a counterparty was given: whoever holds the key could have written it anew. Give --heads.`;
  }
  return `${sound}\nIt was held against ${counterparties}, which reach to entry ${confirmedTo}.`;
}
