import { carriageReturn, comma, lineFeed, nul, quote } from './bytes.js';
import { writeNumber } from './line-number.js';
import { longestRecord, rejectReason } from './record-check.js';
import { RejectList } from './reject-list.js';

/**
 * What is written: `csv` is the header and the records; `numbered` is the records without the header, each with the
 * line of the source where it begins as one more field in front.
 */
export type CsvForm = 'csv' | 'numbered';

/** Kinds of bytes, in an order that makes "ends a field" and "ends a line" one comparison each. */
const plain = 0;
const special = 1;
const quoteKind = 2;
const fieldEnd = 3;
const lineEnd = 4;

const recordStart = 0;
const fieldStart = 1;
const unquoted = 2;
/** An unquoted field that holds a quote or a comma: it is written as a quoted one. */
const wrapped = 3;
const quoted = 4;
/** After a quote in a quoted field: the end of it, or the first of two doubled quotes. */
const quoteSeen = 5;
/** In text between a closing quote and the next delimiter; the record is lost. */
const afterQuote = 6;

/** Room for a line number, quotes and a line end, which twice the input does not cover. */
const slack = 64;

/**
 * Reads CSV byte by byte and writes RFC 4180 with `,` and LF, as a state machine that chunks may cut anywhere.
 *
 * It is our own because no kept parser takes CR, LF, CRLF and CR CR LF in one file, keeps line ends inside quotes,
 * and says the source line of what it rejects. Bytes are copied as they are: no string is made of a field.
 */
export class RecordMachine {
  readonly rejects = new RejectList();
  readonly #kinds = new Uint8Array(256);
  readonly #numbered: boolean;

  #header: Buffer | undefined;
  #headerFault: string | undefined;
  #columns = 0;
  #records = 0;
  #quotedLineEnds = false;

  #state = recordStart;
  /** The line that is read, from 1, and the CRs at its end of which it is not known yet whether an LF follows. */
  #line = 1;
  #carriageReturns = 0;

  // The record that is read: where it begins, what was seen of it, and its output so far.
  #recordLine = 1;
  #fields = 0;
  #highBits = 0;
  #nul = false;
  #textAfterQuote = false;
  #lineEndInQuotes = false;
  #tooLong = false;
  #carry: Buffer = Buffer.alloc(0);
  /** Where the last field begins in `#carry`. */
  #fieldAt = 0;

  /** `delimiter`: an ASCII byte, see `delimiterByte`. */
  constructor(delimiter: number, form: CsvForm) {
    this.#numbered = form === 'numbered';
    for (const byte of [comma, nul]) this.#kinds[byte] = special;
    this.#kinds[quote] = quoteKind;
    this.#kinds[delimiter] = fieldEnd;
    for (const byte of [carriageReturn, lineFeed]) this.#kinds[byte] = lineEnd;
  }

  /** The header record as it was written, without its line end. */
  get header(): Buffer | undefined {
    return this.#header;
  }

  /** Why the first record cannot be a header; nothing is written then. */
  get headerFault(): string | undefined {
    return this.#headerFault;
  }

  /** How many records were written, without the header. */
  get records(): number {
    return this.#records;
  }

  /** Whether a record that was written holds a line end inside a quoted field. */
  get quotedLineEnds(): boolean {
    return this.#quotedLineEnds;
  }

  /** The records that end in `chunk`, in a buffer of their own. */
  write(chunk: Uint8Array): Buffer {
    const kinds = this.#kinds;
    const length = chunk.length;
    let out = Buffer.allocUnsafe(this.#carry.length + 2 * length + slack);
    let used = this.#carry.copy(out);
    let recordAt = 0;
    let fieldAt = this.#fieldAt;
    let state = this.#state;
    let high = this.#highBits;
    let at = 0;

    while (at < length) {
      let byte = chunk[at] as number;
      const kind = kinds[byte] as number;

      if (kind === lineEnd || this.#carriageReturns > 0) this.#countLines(byte);

      if (state === quoted) {
        if (kind === quoteKind) state = quoteSeen;
        else if (kind === lineEnd) this.#lineEndInQuotes = true;
        else if (byte === nul) this.#nul = true;
        out[used++] = byte;
        high |= byte;
        at++;
        if (kind !== plain) continue;
        while (at < length) {
          byte = chunk[at] as number;
          if (kinds[byte] !== plain) break;
          out[used++] = byte;
          high |= byte;
          at++;
        }
        continue;
      }

      if (state === recordStart) {
        if (kind === lineEnd) {
          at++;
          continue;
        }
        const room = 2 * (length - at) + slack;
        if (out.length - used < room) out = Buffer.concat([out.subarray(0, used)], used + 2 * room);
        this.#recordLine = this.#line;
        if (this.#numbered && this.#header !== undefined) used = writeNumber(out, used, this.#line);
        fieldAt = used;
        state = fieldStart;
      }

      if (kind >= fieldEnd) {
        at++;
        this.#fields++;
        if (state === wrapped) out[used++] = quote;
        if (kind === fieldEnd) {
          out[used++] = comma;
          fieldAt = used;
          state = fieldStart;
        } else {
          this.#highBits = high;
          used = this.#endRecord(out, recordAt, used, false);
          recordAt = used;
          high = 0;
          state = recordStart;
        }
        continue;
      }

      if (byte === nul) this.#nul = true;
      if (state === fieldStart) {
        state = kind === quoteKind ? quoted : unquoted;
      } else if (state === quoteSeen) {
        state = kind === quoteKind ? quoted : afterQuote;
      } else if (state === wrapped && kind === quoteKind) {
        out[used++] = quote;
      }
      if (state === unquoted && (kind === quoteKind || byte === comma)) {
        out.copyWithin(fieldAt + 1, fieldAt, used++);
        out[fieldAt] = quote;
        if (kind === quoteKind) out[used++] = quote;
        state = wrapped;
      }
      if (state === afterQuote) this.#textAfterQuote = true;
      out[used++] = byte;
      high |= byte;
      at++;
      if (state !== unquoted) continue;
      while (at < length) {
        byte = chunk[at] as number;
        if (kinds[byte] !== plain) break;
        out[used++] = byte;
        high |= byte;
        at++;
      }
    }

    this.#state = state;
    this.#highBits = high;
    // What is too long is not kept, so that memory stays within this limit and two chunks.
    this.#tooLong ||= used - recordAt > longestRecord;
    this.#carry = this.#tooLong ? Buffer.alloc(0) : Buffer.from(out.subarray(recordAt, used));
    this.#fieldAt = this.#tooLong ? 0 : fieldAt - recordAt;
    return out.subarray(0, recordAt);
  }

  /** The record that the file ends in without a line end. The machine takes no more chunks. */
  end(): Buffer {
    if (this.#state === recordStart) return Buffer.alloc(0);
    if (this.#state !== quoted) return this.write(Uint8Array.of(lineFeed));
    this.#endRecord(this.#carry, 0, this.#carry.length, true);
    return Buffer.alloc(0);
  }

  /** CRs and the LF after them are one line end; CRs without an LF are one each. */
  #countLines(byte: number): void {
    if (byte === carriageReturn) {
      this.#carriageReturns++;
      return;
    }
    this.#line += byte === lineFeed ? 1 : this.#carriageReturns;
    this.#carriageReturns = 0;
  }

  /** Keeps or rejects the record in `out` from `from` up to `used`; returns where the next record begins. */
  #endRecord(out: Buffer, from: number, used: number, open: boolean): number {
    const facts = {
      fields: this.#fields,
      nul: this.#nul,
      textAfterQuote: this.#textAfterQuote,
      tooLong: this.#tooLong || used - from > longestRecord,
      openAtLine: open ? this.#line : undefined,
      high: this.#highBits > 0x7f,
    };
    const hadLineEnd = this.#lineEndInQuotes;
    this.#fields = 0;
    this.#nul = this.#textAfterQuote = this.#lineEndInQuotes = this.#tooLong = false;

    const bytes = out.subarray(from, used);
    const reason = rejectReason(facts, bytes, this.#columns);
    if (this.#header === undefined) {
      if (reason !== undefined) this.#headerFault ??= reason;
      this.#header = Buffer.from(bytes);
      this.#columns = facts.fields;
      if (this.#numbered) return from;
    } else if (reason !== undefined) {
      this.rejects.add(this.#recordLine, reason);
      return from;
    } else {
      this.#records++;
      this.#quotedLineEnds ||= hadLineEnd;
    }
    out[used] = lineFeed;
    return used + 1;
  }
}
