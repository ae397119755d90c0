import { quoteText } from '../sql-text/index.js';
import { quoteNumber } from './sql.js';

/** How `sql-anonymize` changes a column; declared per column of a data set. */
export type AnonymizeRule =
  | { readonly method: 'pseudonymize' }
  | { readonly method: 'truncateDate'; readonly to: 'year' | 'month' | 'day' }
  | { readonly method: 'band'; readonly width: number; readonly origin?: number | undefined }
  | { readonly method: 'drop' };

/** Length of a pseudonym in hexadecimal digits: 128 bits, so that two persons do not share one. */
const pseudonymLength = 32;

/**
 * The SQL expression that stands for a column after `sql-anonymize`; `undefined` where the column is dropped.
 *
 * A pseudonym is a nested keyed SHA-256 (the construction of HMAC, RFC 2104, without its padding): equal values of one
 * provider get equal pseudonyms, and without the provider's key none can be tried out.
 */
export function anonymized(sql: string, type: string, rule: AnonymizeRule, key: string): string | undefined {
  switch (rule.method) {
    case 'drop':
      return undefined;
    case 'pseudonymize': {
      const inner = `sha256(concat(${quoteText(`${key}:inner:`)}, CAST(${sql} AS VARCHAR)))`;
      const outer = `sha256(concat(${quoteText(`${key}:outer:`)}, ${inner}))`;
      return `CASE WHEN ${sql} IS NULL THEN NULL ELSE left(${outer}, ${pseudonymLength}) END`;
    }
    case 'truncateDate':
      return truncatedDate(sql, type, rule.to);
    case 'band':
      return band(sql, rule.width, rule.origin ?? 0);
  }
}

function truncatedDate(sql: string, type: string, to: 'year' | 'month' | 'day'): string {
  if (type === 'DATE' || type.startsWith('TIMESTAMP')) return `CAST(date_trunc('${to}', ${sql}) AS DATE)`;
  // dates that came as text or number: YYYYMMDD or YYYY-MM-DD; of another form it is not known where the day stands
  const text = `CAST(${sql} AS VARCHAR)`;
  const compact = { year: 4, month: 6, day: 8 }[to];
  const dashed = { year: 4, month: 7, day: 10 }[to];
  const isCompact = `regexp_full_match(${text}, '[0-9]{8}')`;
  const isDashed = `regexp_matches(${text}, '^[0-9]{4}-[0-9]{2}-[0-9]{2}')`;
  return `CASE WHEN ${isCompact} THEN left(${text}, ${compact}) WHEN ${isDashed} THEN left(${text}, ${dashed}) END`;
}

function band(sql: string, width: number, origin: number): string {
  const low = `(floor((${sql} - ${quoteNumber(origin)}) / ${quoteNumber(width)}) * ${quoteNumber(width)} + ${quoteNumber(origin)})`;
  // `||` gives NULL for NULL, which `concat` would pass over
  return `'[' || ${low} || ', ' || (${low} + ${quoteNumber(width)}) || ')'`;
}
