import { quoteText } from '../../sql-text/index.js';

/** `entries` as a DuckDB struct literal of strings, as `read_csv` takes for `columns` and `types`. */
export function structLiteral(entries: Iterable<readonly [string, string]>): string {
  return `{${[...entries].map(([key, value]) => `${quoteText(key)}: ${quoteText(value)}`).join(', ')}}`;
}
