import { StarlingError } from '../../../kernel/errors/index.js';
import type { RequestRecord, Result } from '../ask/request-record.js';
import type { AnswerFormat, AnswerStream } from '../exchange-api.js';
import { type AnswerRow, arrowRows } from './answer-rows.js';
import { type AnswerStore, rowsName } from './answer-store.js';
import { arrowAnswer, csvAnswer, jsonAnswer, type ReadableResult } from './formats.js';

const contentTypes: Readonly<Record<AnswerFormat, string>> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  arrow: 'application/vnd.apache.arrow.stream',
};

/**
 * The answer of a request as bytes. Throws what the request ended with where it has none, `result-not-ready` while it
 * runs, and `result-gone` after the time that answers are kept.
 */
export async function readAnswer(
  record: RequestRecord,
  format: AnswerFormat,
  position: number | undefined,
  answers: AnswerStore,
): Promise<AnswerStream> {
  assertAnswered(record);
  const chosen = chooseResults(record, position);
  const readable = chosen.map((result) => readableResult(record, result, answers));
  const [only, ...others] = chosen;
  const name = record.job ?? record.id;
  const stream = { contentType: contentTypes[format], fileName: `${name}.${format}` };
  if (format === 'json') return { ...stream, body: jsonAnswer(record.id, readable) };
  const readableOnes = readable.filter((one) => one.result.error === undefined);
  // also where only one of several could answer: whose rows they are must not be guessed
  const labelled = chosen.length > 1;
  if (format === 'csv') return { ...stream, body: csvAnswer(readableOnes, { labelled }) };
  if (only?.rows !== undefined && others.length === 0) {
    return { ...stream, body: await answers.open(record.id, rowsName(only)) };
  }
  if (chosen.some((result) => result.rows !== undefined)) {
    throw new StarlingError(
      'format-unavailable',
      `The answer holds rows of ${chosen.length} providers, and an Arrow stream holds those of one. Add result=0 to result=${chosen.length - 1}.`,
    );
  }
  return { ...stream, body: await arrowAnswer(readableOnes, { labelled }) };
}

function assertAnswered(record: RequestRecord): void {
  if (record.state === 'running') {
    throw new StarlingError(
      'result-not-ready',
      `Request ${record.id} is still running. Follow its events, or ask again in a moment.`,
    );
  }
  if (record.error !== undefined) throw StarlingError.fromRecord(record.error);
  if (record.answerGone === true) {
    const until =
      record.keptUntil === undefined ? '' : ` It was kept until ${new Date(record.keptUntil).toISOString()}.`;
    throw new StarlingError(
      'result-gone',
      `The answer of request ${record.id} is no longer kept.${until} Ask again.`,
    );
  }
}

function chooseResults(record: RequestRecord, position: number | undefined): readonly Result[] {
  if (position === undefined) return record.results;
  const result = record.results[position];
  if (result === undefined) {
    throw new StarlingError(
      'not-found',
      `Request ${record.id} has ${record.results.length} results, counted from 0; there is no result ${position}.`,
    );
  }
  if (result.error !== undefined) throw StarlingError.fromRecord(result.error);
  return [result];
}

function readableResult(record: RequestRecord, result: Result, answers: AnswerStore): ReadableResult {
  return {
    result,
    columns: result.table?.columns ?? result.rows?.columns ?? [],
    rows: () => rowsOf(record, result, answers),
  };
}

async function* rowsOf(
  record: RequestRecord,
  result: Result,
  answers: AnswerStore,
): AsyncGenerator<AnswerRow> {
  if (result.table !== undefined) yield* result.table.rows;
  if (result.rows !== undefined) yield* arrowRows(await answers.open(record.id, rowsName(result)));
}
