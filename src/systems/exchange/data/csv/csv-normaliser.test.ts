import { createReadStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvNormaliser, type CsvOptions, type CsvSummary } from './csv-normaliser.js';
import { longestRecord } from './record-check.js';

async function* chunksOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function normalise(
  source: string | Buffer,
  options: Partial<CsvOptions> = {},
  sizes: readonly number[] = [Number.MAX_SAFE_INTEGER],
): Promise<CsvSummary & { text: string }> {
  const normaliser = new CsvNormaliser({ name: 'test.csv', ...options });
  const parts: Buffer[] = [];
  for await (const part of normaliser.normalise(chunksOf(Buffer.from(source), sizes))) parts.push(part);
  return { ...normaliser.summary, text: Buffer.concat(parts).toString('utf8') };
}

describe('line ends', () => {
  it('takes CR, LF, CRLF and CR CR LF in one file, and any run of CRs with an LF as one', async () => {
    const { text, records } = await normalise('a,b\r\r\n1,2\r3,4\n5,6\r\n7,8\r\r\r\r\n9,10');
    expect(text).toBe('a,b\n1,2\n3,4\n5,6\n7,8\n9,10\n');
    expect(records).toBe(5);
  });

  it('skips blank records, at the start too', async () => {
    const { text, rejected } = await normalise('\n\r\na,b\n\n\r\r1,2\n\n');
    expect(text).toBe('a,b\n1,2\n');
    expect(rejected).toBe(0);
  });

  it('keeps line ends inside quotes exactly', async () => {
    const { text, quotedLineEnds } = await normalise('a,b\r"1\r\n","2\r\r\n\n\r"\r');
    expect(text).toBe('a,b\n"1\r\n","2\r\r\n\n\r"\n');
    expect(quotedLineEnds).toBe(true);
  });

  it('numbers records by physical lines: a run of CRs with LF is one, CRs alone are one each', async () => {
    const source = 'a,b\r\r\n1,2\r\r3,4\n"5\r\r\n\r\r",6\r\n7,8\n\n9,10';
    const { text } = await normalise(source, { form: 'numbered' });
    expect(text).toBe('2,1,2\n4,3,4\n5,"5\r\r\n\r\r",6\n9,7,8\n11,9,10\n');
  });
});

describe('fields', () => {
  it('writes what needs quotes in quotes, and nothing else', async () => {
    const { text } = await normalise('a;b\n1,5;x"y\n",";""\n,"";"a""b;"\n', { delimiter: ';' });
    expect(text).toBe('a,b\n"1,5","x""y"\n",",""\n",""""","a""b;"\n');
  });

  it('drops a byte order mark, and keeps one inside', async () => {
    expect((await normalise('\ufeffa,b\n1,\ufeff\n', {}, [1])).text).toBe('a,b\n1,\ufeff\n');
  });

  it('gives the header as names, with quotes taken off', async () => {
    const { header } = await normalise('"a ""b""",, c,"d\n;,"\n');
    expect(header).toEqual(['a "b"', '', ' c', 'd\n;,']);
  });

  it('keeps a record whose only field is an empty quoted one', async () => {
    const { text, records } = await normalise('a\n""\n\nx\n');
    expect(text).toBe('a\n""\nx\n');
    expect(records).toBe(2);
  });
});

describe('rejects', () => {
  it('counts every bad record and says where it is and why, without a value of it', async () => {
    const source = Buffer.concat([
      Buffer.from('a,b\n1,2\n1\n1,2,3\n"x"y,2\n"x" ,2\nok,é\n'),
      Buffer.from([0xe9, 0x2c, 0x31, 0x0a]),
      Buffer.from('x\0,1\nlast,1\n"open,1\n2,3\n'),
    ]);
    const { text, rejects, rejected, records } = await normalise(source, {}, [3]);
    expect(text).toBe('a,b\n1,2\nok,é\nlast,1\n');
    expect(records).toBe(3);
    expect(rejected).toBe(7);
    const afterQuote =
      'Text follows the closing quote of a field; a quote inside a quoted field is written twice.';
    expect(rejects).toEqual([
      { line: 3, reason: 'The record has 1 field and the header 2.' },
      { line: 4, reason: 'The record has 3 fields and the header 2.' },
      { line: 5, reason: afterQuote },
      { line: 6, reason: afterQuote },
      { line: 8, reason: 'The record is not valid UTF-8.' },
      { line: 9, reason: 'The record holds a NUL byte.' },
      {
        line: 11,
        reason: 'A quoted field that begins in this record is not closed up to the end of the file, line 13.',
      },
    ]);
  });

  it('tells the first hundred in detail and counts the rest', async () => {
    const { rejects, rejected } = await normalise(`a,b\n${'x\n'.repeat(250)}`);
    expect(rejected).toBe(250);
    expect(rejects).toHaveLength(100);
    expect(rejects.at(-1)?.line).toBe(101);
  });

  it('rejects a record that is too long without keeping it, and goes on after it', async () => {
    const source = `a,b\n1,2\n3,"${'y,"",'.repeat(longestRecord / 5)}"\n5,6\n7,8,9\n8,9\n`;
    const { text, rejects } = await normalise(source, {}, [70_000]);
    expect(text).toBe('a,b\n1,2\n5,6\n8,9\n');
    expect(rejects.map(({ line }) => line)).toEqual([3, 5]);
    expect(rejects[0]?.reason).toBe('The record is longer than 1,900,000 bytes.');
  });

  it.each([
    ['', /^test\.csv is empty\. Its first record must be/],
    ['\r\n\n', /^test\.csv is empty/],
    ['\ufeff', /^test\.csv is empty/],
    ['a,"b\n1,2\n', /header of test\.csv cannot be read: A quoted field .* not closed/],
    ['a\0,b\n', /header of test\.csv cannot be read: The record holds a NUL byte/],
  ])('throws where there is no header: %j', async (source, message) => {
    await expect(normalise(source)).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringMatching(message),
    });
  });

  it('says that UTF-16 is not read', async () => {
    const source = Buffer.from('\ufeffa,b\n', 'utf16le');
    await expect(normalise(source)).rejects.toMatchObject({
      message: 'test.csv is UTF-16. Save it as UTF-8 and try again.',
    });
  });
});

describe('any records, line ends and chunks', () => {
  const lineEnds = fc.constantFrom('\n', '\r\n', '\r\r\n', '\r\r\r\n', '\r');
  const piece = fc.constantFrom('a', '7', ',', ';', '"', '\r', '\n', ' ', 'é', '€', '𐍈', '|', '\t');
  const cell = fc.array(piece, { maxLength: 6 }).map((parts) => parts.join(''));
  const delimiters = fc.constantFrom(',', ';', '\t', '|', ' ', 'a');

  /** As a writer of awkward files might write a cell: quoted where it must be, and sometimes where it need not be. */
  const write = (text: string, delimiter: string, always: boolean) =>
    always || text === '' || text.startsWith('"') || /[\r\n]/.test(text) || text.includes(delimiter)
      ? `"${text.replaceAll('"', '""')}"`
      : text;

  /** A plain reader of RFC 4180 with LF, for the output. */
  const read = (text: string) => {
    const records: string[][] = [];
    let record: string[] = [];
    for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
      record.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
      if (end === '\n') records.push(record);
      if (end === '\n') record = [];
    }
    return records;
  };

  it('come back equal', async () => {
    const file = fc.integer({ min: 1, max: 4 }).chain((columns) =>
      fc.record({
        rows: fc.array(fc.array(fc.tuple(cell, fc.boolean()), { minLength: columns, maxLength: columns }), {
          minLength: 1,
          maxLength: 8,
        }),
        ends: fc.array(lineEnds, { minLength: 1, maxLength: 8 }),
        delimiter: delimiters,
        lastEnd: fc.boolean(),
        sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(file, async ({ rows, ends, delimiter, lastEnd, sizes }) => {
        const lines = rows.map((row) =>
          row.map(([text, always]) => write(text, delimiter, always)).join(delimiter),
        );
        const source = lines
          .map(
            (line, at) => line + (at < lines.length - 1 || lastEnd ? (ends[at % ends.length] ?? '\n') : ''),
          )
          .join('');
        const { text, rejected, header } = await normalise(source, { delimiter }, sizes);
        const expected = rows.map((row) => row.map(([value]) => value));
        expect(read(text)).toEqual(expected);
        expect(header).toEqual(expected[0]);
        expect(rejected).toBe(0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('give the same whatever the chunks, also where records are bad', async () => {
    const byte = fc.constantFrom(...[...'ab,"\r\n\0;'].map((text) => text.charCodeAt(0)), 0xc3, 0xa9, 0xff);
    await fc.assert(
      fc.asyncProperty(
        fc.array(byte, { maxLength: 60 }),
        fc.integer({ min: 1, max: 7 }),
        async (bytes, size) => {
          const source = Buffer.concat([Buffer.from('x,y\n'), Buffer.from(bytes)]);
          const options = { delimiter: ',', form: 'numbered' } as const;
          const whole = await normalise(source, options);
          expect(await normalise(source, options, [size])).toEqual(whole);
          expect(read(whole.text)).toHaveLength(whole.records);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

const wageGap = resolve(import.meta.dirname, '../../../../../../shared/data/wage-gap');
const absent = !existsSync(wageGap);
if (absent) console.log(`Skipped: the wage-gap files are not at ${wageGap}.`);

describe.skipIf(absent)('the wage-gap files', () => {
  it.each([
    ['Personen_UVA.csv', 18_026, 8],
    ['Aanstellingen_UVA.csv', 18_639, 13],
    ['Personen_VU.csv', 16_217, 8],
    ['Aanstellingen_VU.csv', 16_626, 13],
  ])('%s: every record, none rejected, the delimiter found', async (file, records, columns) => {
    const normaliser = new CsvNormaliser({ name: file });
    let lines = 0;
    for await (const part of normaliser.normalise(createReadStream(resolve(wageGap, file)))) {
      expect(part.includes(0x0d)).toBe(false);
      for (const byte of part) if (byte === 0x0a) lines++;
    }
    expect(normaliser.summary).toMatchObject({ records, rejected: 0, delimiter: ';' });
    expect(normaliser.summary.header).toHaveLength(columns);
    expect(lines).toBe(records + 1);
  });
});
