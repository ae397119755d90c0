/**
 * A finite number as an SQL literal of type DOUBLE. It is written with an exponent, which DuckDB reads as the double that
 * it is; digits alone it reads as a decimal first, and may get the double beside it.
 */
export function quoteNumber(value: number): string {
  return `${value.toExponential()}::DOUBLE`;
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

/** What is none of a statement's own words: strings, quoted names, comments, ends of statements, blanks. */
const aside = String.raw`(?<quoted>\be'(?:[^'\\]|''|\\.)*'|'[^']*(?:''[^']*)*'|"[^"]*(?:""[^"]*)*"|\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$)|(?<skipped>--[^\n]*|\/\*[\s\S]*?\*\/|[\s;])`;

/**
 * Removes the semicolons, blanks and comments after a statement, which a sub-select must not have. Where it reads a
 * statement otherwise than DuckDB does, it only cuts too little or too much: what is left is parsed again.
 */
export function withoutSemicolon(query: string): string {
  const parts = new RegExp(`${aside}|[\\s\\S]`, 'iy');
  let end = 0;
  for (let match = parts.exec(query); match !== null; match = parts.exec(query)) {
    if (match.groups?.skipped === undefined) end = parts.lastIndex;
  }
  return query.slice(0, end);
}

/**
 * Where a statement's own words say `JOIN` or `INNER JOIN`, and not `CROSS JOIN`, as offsets of their begin and end; what
 * stands in strings, quoted names and comments is passed over.
 */
export function joinWords(query: string): { readonly start: number; readonly end: number }[] {
  const words: { start: number; end: number }[] = [];
  const joins = new RegExp(`${aside}|\\bCROSS\\s+JOIN\\b|(?<join>\\b(?:INNER\\s+)?JOIN\\b)|[\\s\\S]`, 'giy');
  for (const match of query.matchAll(joins)) {
    if (match.groups?.join === undefined) continue;
    words.push({ start: match.index, end: match.index + match[0].length });
  }
  return words;
}
