/** `name` as a quoted SQL identifier; any text but NUL is a name then. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `text` as an SQL string literal. DuckDB knows no backslash escapes in it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `entries` as a DuckDB struct literal of strings, as `read_csv` takes for `columns` and `types`. */
export function structLiteral(entries: Iterable<readonly [string, string]>): string {
  return `{${[...entries].map(([key, value]) => `${literal(key)}: ${literal(value)}`).join(', ')}}`;
}

/** A name as DuckDB compares it: it takes two identifiers that differ only in the case of ASCII letters for one. */
export function foldedName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
