/** `name` as a quoted SQL identifier; any text but NUL is a name then. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `text` as an SQL string literal. DuckDB knows no backslash escapes in it. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * A name as DuckDB compares it: without regard to the case of ASCII letters. Other letters count as they are, or a grant
 * of one column would be one of another (`toLowerCase` makes a k of the Kelvin sign).
 */
export function foldedName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
