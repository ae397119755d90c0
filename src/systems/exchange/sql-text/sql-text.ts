/** `name` as a quoted SQL identifier; any text but NUL is a name then. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `text` as an SQL string literal. DuckDB knows no backslash escapes in it. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
