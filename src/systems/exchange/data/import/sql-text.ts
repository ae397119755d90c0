import { quoteText } from '../../sql-text/index.js';

/** `entries` as a DuckDB struct literal of strings, as `read_csv` takes for `columns` and `types`. */
export function structLiteral(entries: Iterable<readonly [string, string]>): string {
  return `{${[...entries].map(([key, value]) => `${quoteText(key)}: ${quoteText(value)}`).join(', ')}}`;
}

/** A name as DuckDB compares it: it takes two identifiers that differ only in the case of ASCII letters for one. */
export function foldedName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
