import { foldedName, quoteName, quoteText } from '../../sql-text/index.js';
import { structLiteral } from './sql-text.js';

/** A CSV source in normalised, numbered form on disk; see `../csv/`. */
export interface NormalisedFile {
  readonly path: string;
  /** The columns of the source; the file has the line number in front of them. */
  readonly header: readonly string[];
  readonly quotedLineEnds: boolean;
}

/** DuckDB's own order of trying, without types that it would need an extension for. */
const candidates = ['BOOLEAN', 'TIME', 'DATE', 'TIMESTAMP', 'TIMESTAMPTZ', 'BIGINT', 'DOUBLE', 'VARCHAR'];

/** `read_csv` with the types of all columns given, in the order of the header. */
export function readTyped(file: NormalisedFile, types: readonly string[]): string {
  const columns = file.header.map((name, at) => [name, types[at] ?? 'VARCHAR'] as const);
  const all = structLiteral([[lineColumn(file.header), 'BIGINT'], ...columns]);
  return readCsv(file, `auto_detect = false, columns = ${all}`);
}

/** `read_csv` that finds the types by looking at every record, except of the columns in `asText`. */
export function readSniffed(file: NormalisedFile, asText: ReadonlySet<string>): string {
  const names = [lineColumn(file.header), ...file.header];
  const types = file.header.filter((name) => asText.has(name)).map((name) => [name, 'VARCHAR'] as const);
  return readCsv(
    file,
    `auto_detect = true, sample_size = -1, names = [${names.map(quoteText).join(', ')}], ` +
      `types = ${structLiteral([[lineColumn(file.header), 'BIGINT'], ...types])}, ` +
      `auto_type_candidates = [${candidates.map(quoteText).join(', ')}]`,
  );
}

/** A name for the line number that no column of the source has. */
export function lineColumn(header: readonly string[]): string {
  const taken = new Set(header.map(foldedName));
  let name = 'line';
  while (taken.has(name)) name += '_';
  return name;
}

/** The column of `readTyped` and `readSniffed` that holds the source line, as SQL. */
export function lineIdentifier(file: NormalisedFile): string {
  return quoteName(lineColumn(file.header));
}

function readCsv(file: NormalisedFile, columns: string): string {
  // Threads start in the middle of the file and could take a line end in quotes for the end of a record.
  const parallel = !file.quotedLineEnds;
  return (
    `read_csv(${quoteText(file.path)}, delim = ',', quote = '"', escape = '"', header = false, new_line = '\\n', ` +
    `strict_mode = true, null_padding = false, ignore_errors = false, compression = 'none', ` +
    `parallel = ${parallel}, ${columns})`
  );
}
