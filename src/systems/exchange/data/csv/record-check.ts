import { isUtf8 } from 'node:buffer';

/** A longer record is rejected, so that a quote that is never closed cannot fill the memory. DuckDB's own limit is 2,000,000. */
export const longestRecord = 1_900_000;

/** What was seen of one record while it was read. */
export interface RecordFacts {
  readonly fields: number;
  readonly nul: boolean;
  readonly textAfterQuote: boolean;
  readonly tooLong: boolean;
  /** The last line of the file, where a quoted field is open at its end. */
  readonly openAtLine: number | undefined;
  /** Whether any byte is outside ASCII. */
  readonly high: boolean;
}

/**
 * Why a record cannot be taken, or `undefined` where it can. `bytes` is the record as it would be written (empty where
 * it is too long); `columns` is the number of fields of the header, 0 for the header itself.
 */
export function rejectReason(facts: RecordFacts, bytes: Uint8Array, columns: number): string | undefined {
  if (facts.openAtLine !== undefined) {
    return `A quoted field that begins in this record is not closed up to the end of the file, line ${facts.openAtLine}.`;
  }
  if (facts.textAfterQuote)
    return 'Text follows the closing quote of a field; a quote inside a quoted field is written twice.';
  if (facts.tooLong) return `The record is longer than ${longestRecord.toLocaleString('en')} bytes.`;
  if (facts.nul) return 'The record holds a NUL byte.';
  if (facts.high && !isUtf8(bytes)) return 'The record is not valid UTF-8.';
  if (columns > 0 && facts.fields !== columns) {
    return `The record has ${count(facts.fields, 'field')} and the header ${columns}.`;
  }
  return undefined;
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}
