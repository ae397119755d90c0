import { StarlingError } from '../../../../kernel/errors/index.js';
import { delimiterByte, detectDelimiter } from './delimiter.js';
import { type CsvForm, RecordMachine } from './record-machine.js';
import type { Reject } from './reject-list.js';
import { splitRecord } from './split-record.js';

export interface CsvOptions {
  /** What the source is called in messages, such as its path. */
  readonly name: string;
  /** One ASCII character; without it, it is detected among , ; TAB | from the first 64 KiB. */
  readonly delimiter?: string;
  /** `csv` if not given. */
  readonly form?: CsvForm;
}

/** What was read and written, once the source has ended. */
export interface CsvSummary {
  readonly delimiter: string;
  /** Column names, exactly as the header has them. */
  readonly header: readonly string[];
  /** Records written, without the header. */
  readonly records: number;
  /** How many records were rejected; `rejects` tells the first 100. */
  readonly rejected: number;
  readonly rejects: readonly Reject[];
  /** Whether a written field holds a line end. */
  readonly quotedLineEnds: boolean;
}

/** How much of the source decides the delimiter. */
const sampleBytes = 64 * 1024;

/**
 * Turns one CSV source into RFC 4180 with `,` and LF, in UTF-8 without a byte order mark. Streams: what is held is one
 * chunk, its output, and one record of at most 1.9 MB.
 *
 * A record ends at CR, LF, CRLF or any run of CRs with an LF, also mixed; inside quotes these are content. A quote opens
 * a quoted field only at the start of the field. Records without a byte are skipped. A record that cannot be taken
 * is rejected: counted, and told by its physical line.
 */
export class CsvNormaliser {
  readonly #options: CsvOptions;
  #summary: CsvSummary | undefined;

  constructor(options: CsvOptions) {
    this.#options = options;
  }

  /** Throws `internal` before `normalise` has ended. */
  get summary(): CsvSummary {
    if (this.#summary === undefined) {
      throw new StarlingError(
        'internal',
        `${this.#options.name} was not read to its end, so it has no summary.`,
      );
    }
    return this.#summary;
  }

  /** The normalised bytes of `source`. Throws `input-invalid` where there is no header that can be read. */
  async *normalise(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
    const { name, form = 'csv' } = this.#options;
    const chunks = source[Symbol.asyncIterator]();
    try {
      const head = await readHead(chunks);
      const start = withoutMark(head.bytes, name);
      const delimiter = this.#options.delimiter ?? detectDelimiter(start, head.whole);
      const machine = new RecordMachine(delimiterByte(delimiter, name), form);
      yield* written(machine.write(start), machine, name);
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
        yield* written(machine.write(next.value), machine, name);
      }
      yield* written(machine.end(), machine, name);
      this.#summary = { delimiter, ...summaryOf(machine, name) };
    } finally {
      await chunks.return?.();
    }
  }
}

async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<{ bytes: Buffer; whole: boolean }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  while (size < sampleBytes) {
    const next = await chunks.next();
    if (next.done === true) return { bytes: Buffer.concat(parts), whole: true };
    parts.push(next.value);
    size += next.value.length;
  }
  return { bytes: Buffer.concat(parts), whole: false };
}

/** Drops the byte order mark of UTF-8; refuses the marks of UTF-16, which would reject every record. */
function withoutMark(head: Buffer, name: string): Buffer {
  if (head.length >= 3 && head.readUIntBE(0, 3) === 0xefbbbf) return head.subarray(3);
  const mark = head.length >= 2 ? head.readUInt16BE(0) : 0;
  if (mark !== 0xfffe && mark !== 0xfeff) return head;
  throw new StarlingError('input-invalid', `${name} is UTF-16. Save it as UTF-8 and try again.`);
}

/** `bytes`, where there are any; throws where the machine found that the first record is no header. */
function* written(bytes: Buffer, machine: RecordMachine, name: string): Generator<Buffer, void, undefined> {
  if (machine.headerFault !== undefined) {
    throw new StarlingError(
      'input-invalid',
      `The header of ${name} cannot be read: ${machine.headerFault} Correct it.`,
    );
  }
  if (bytes.length > 0) yield bytes;
}

function summaryOf(machine: RecordMachine, name: string): Omit<CsvSummary, 'delimiter'> {
  if (machine.header === undefined) {
    throw new StarlingError(
      'input-invalid',
      `${name} is empty. Its first record must be the names of the columns.`,
    );
  }
  return {
    header: splitRecord(machine.header.toString('utf8')),
    records: machine.records,
    rejected: machine.rejects.count,
    rejects: machine.rejects.first,
    quotedLineEnds: machine.quotedLineEnds,
  };
}
