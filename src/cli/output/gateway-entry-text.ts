import { askedText, type EntryData, list } from './entry-parts.js';

/** What an entry of a gateway's own log tells, in a sentence; `undefined` where it is of another type. */
export function gatewayEntryText(type: string, data: EntryData): string | undefined {
  return gatewayEntries[type]?.(data);
}

const by = (data: EntryData): string => (data.by === undefined ? '' : `, by ${String(data.by)}`);

const gatewayEntries: Readonly<Record<string, (data: EntryData) => string>> = {
  'request-approved': (data) =>
    `asked: ${askedOf(data)}; ${decisionsText(data.decisions)}; ${placedText(data)}, ${list(data.orders)}`,
  'request-refused': (data) =>
    `asked: ${askedOf(data)}; refused: ${String(data.code)}; ${decisionsText(data.decisions)}`,
  'request-answered': (data) => `answered: ${String(data.request)}`,
  'request-failed': (data) => `ended without an answer: ${String(data.request)}, ${String(data.code)}`,
  'order-ended': (data) => {
    const hash = data.released === undefined ? '' : `, hash ${String(data.released)}`;
    return `${String(data.party)} ${String(data.outcome)}: ${String(data.order)}${hash}`;
  },
  'answer-read': (data) => `answer read: ${String(data.request)} as ${String(data.format)}${by(data)}`,
  'answer-erased': (data) => `answer erased: ${String(data.request)}${by(data)}`,
  'job-recomposed': (data) => `job ${String(data.job)} composed anew: ${String(data.cause)}`,
  'job-revoked': (data) => `job ${String(data.job)} revoked: ${String(data.cause)}${by(data)}`,
  'user-removed': (data) => `removed: ${String(data.cause)}${by(data)}`,
  'user-admitted': (data) => `admitted again${by(data)}`,
  'configuration-changed': (data) => {
    const how = data.hash === null ? 'removed' : 'changed';
    return `${how} in ${String(data.kind)}: ${String(data.name)}${by(data)}`;
  },
  'agreement-taken': (data) => {
    const what = data.agreement === null ? ', which allows nothing' : '';
    const unknown = data.unknown === undefined ? '' : `; of it allows nothing: ${list(data.unknown, '; ')}`;
    return `agreement of ${String(data.party)} taken, version ${String(data.version)}${what}${by(data)}${unknown}`;
  },
};

/** Entries of before there were several parts name the one archetype. */
function placedText({ parts, archetype }: EntryData): string {
  if (!Array.isArray(parts)) return `as ${String(archetype)}`;
  return parts
    .map(({ archetype: name, providers }: EntryData) =>
      parts.length === 1 ? `as ${String(name)}` : `as ${String(name)} of ${list(providers)}`,
    )
    .join(' and ');
}

/** A statement is in the request's record; here is its hash. */
function askedOf(data: EntryData): string {
  const algorithm = data.algorithm ?? null;
  return algorithm === null ? `a statement, hash ${String(data.statement)}` : askedText(data);
}

function decisionsText(decisions: unknown): string {
  if (!Array.isArray(decisions)) return '';
  return decisions
    .filter((decision) => typeof decision === 'object' && decision !== null)
    .map((decision: EntryData) => {
      const { provider, approved, reasons } = decision;
      return approved === true
        ? `${String(provider)} allows it`
        : `${String(provider)} refuses (${list(reasons)})`;
    })
    .join(', ');
}
