import { StarlingError } from '../../../../kernel/errors/index.js';
import { carriageReturn, lineFeed, quote } from './bytes.js';

/** What is tried when no delimiter is declared; the earlier one wins where two explain the sample equally well. */
const candidates = [',', ';', '\t', '|'] as const;

/** How many records of the sample are looked at. */
const sampleRecords = 100;

/**
 * The byte of a declared delimiter. One ASCII character that is no quote, line end or control character but TAB;
 * throws `input-invalid` for any other, naming the file.
 */
export function delimiterByte(delimiter: string, file: string): number {
  if (/^[\t -~]$/.test(delimiter) && delimiter !== '"') return delimiter.charCodeAt(0);
  throw new StarlingError(
    'input-invalid',
    `The delimiter ${JSON.stringify(delimiter)} declared for ${file} cannot be used. Declare one ASCII character other than a quote.`,
  );
}

/**
 * The delimiter among , ; TAB | with which most of the first records have as many fields as the header, where the
 * header has at least two; the one with more fields where two are even. A comma where none divides the header.
 *
 * `sample`: the first bytes of the file without a byte order mark; `whole`: whether they are the whole file, so that
 * the last record is complete.
 */
export function detectDelimiter(sample: Uint8Array, whole: boolean): string {
  let best = { delimiter: ',', agreeing: 0, fields: 1 };
  for (const delimiter of candidates) {
    const counts = fieldCounts(sample, delimiter.charCodeAt(0), whole);
    const fields = counts[0] ?? 1;
    if (fields < 2) continue;
    const agreeing = counts.filter((count) => count === fields).length;
    if (agreeing > best.agreeing || (agreeing === best.agreeing && fields > best.fields)) {
      best = { delimiter, agreeing, fields };
    }
  }
  return best.delimiter;
}

/** The number of fields of each of the first records that are not blank. */
function fieldCounts(sample: Uint8Array, delimiter: number, whole: boolean): number[] {
  const counts: number[] = [];
  let fields = 1;
  let quoted = false;
  // True at the start of a field, and right after a quoted part: the second of two doubled quotes opens it again.
  let mayOpen = true;
  let blank = true;
  for (const byte of sample) {
    if (quoted) {
      quoted = byte !== quote;
      mayOpen = !quoted;
    } else if (byte === lineFeed || byte === carriageReturn) {
      if (!blank) counts.push(fields);
      if (counts.length === sampleRecords) return counts;
      fields = 1;
      mayOpen = true;
      blank = true;
    } else {
      blank = false;
      quoted = byte === quote && mayOpen;
      mayOpen = byte === delimiter;
      if (mayOpen) fields++;
    }
  }
  // A cut record counts only where there is no other.
  if (!blank && (whole || counts.length === 0)) counts.push(fields);
  return counts;
}
