/** A name as SQL writes it, whatever characters it has. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as an SQL literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A finite number as an SQL literal of type DOUBLE. */
export function quoteNumber(value: number): string {
  return `${JSON.stringify(value)}::DOUBLE`;
}

/**
 * The rows of a requester's query as a table `q` with columns `c0, c1, …` by position. The query stands on lines of its
 * own, so that a comment at its end cannot swallow what follows.
 */
export function rowsOf(query: string, columns: number): string {
  return `(\n${query}\n) AS q(${range(columns, 'c').join(', ')})`;
}

/** `c0, c1, …` */
export function range(count: number, letter: string): string[] {
  return Array.from({ length: count }, (_, position) => `${letter}${position}`);
}

/** Removes the semicolons and blanks after a statement, which a sub-select must not have. */
export function withoutSemicolon(query: string): string {
  return query.replace(/[\s;]+$/, '');
}
