import { createReadStream } from 'node:fs';
import { StarlingError } from '../../../kernel/errors/index.js';
import { CsvNormaliser } from '../data/csv/index.js';
import { splitRecord } from '../data/csv/split-record.js';

/** How much of a file is looked at. */
const sampleBytes = 1_000_000;
const sampleRecords = 1_000;

/** What a table's file begins with. */
export interface TableSample {
  /** The path that a configuration names it by. */
  readonly file: string;
  readonly columns: readonly string[];
  /** The first records, fields in the order of the columns. */
  readonly rows: readonly (readonly string[])[];
}

/** Reads the first records of a CSV file. Throws `storage-failed` where it cannot be read, `input-invalid` where it has no header. */
export async function readTableSample(path: string, file: string, delimiter: string): Promise<TableSample> {
  const normaliser = new CsvNormaliser({ name: path, delimiter });
  const records: string[] = [];
  let rest = '';
  try {
    for await (const part of normaliser.normalise(createReadStream(path, { end: sampleBytes - 1 }))) {
      const lines = (rest + part.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      records.push(...lines);
      if (records.length > sampleRecords) break;
    }
  } catch (thrown) {
    throw StarlingError.from(thrown, 'storage-failed', `${path} could not be read`);
  }
  const [columns = [], ...rows] = records.slice(0, sampleRecords + 1).map(splitRecord);
  return { file, columns, rows };
}
