// A foreign step in plain Node: nationalities become regions, so that fewer groups are too small to be released.
//
//   node examples/steps/regions.mjs [port]
//
// It answers POST /regions by the contract in docs/foreign-steps.md. Rows are read and given batch by batch, no faster
// than both sides take them.
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  makeData,
  RecordBatch,
  RecordBatchReader,
  RecordBatchStreamWriter,
  Struct,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';

const arrowStream = 'application/vnd.apache.arrow.stream';
const column = 'Personen.Nationaliteit';
/** A small table, for the example: codes of nationalities as the sample data have them. */
const dutch = new Set(['0001']);
const european = new Set([
  '0027',
  '0028',
  '0052',
  '0053',
  '0055',
  '0056',
  '0057',
  '0060',
  '0064',
  '0071',
  '0080',
]);

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    // once rows were given, breaking off is the only way to say that something is wrong
    if (response.headersSent) response.destroy();
    else problem(response, 422, 'The rows cannot be read');
  });
});

async function answer(request, response) {
  if (request.method !== 'POST' || request.url !== '/regions')
    return problem(response, 404, 'There is no such step');
  if (request.headers['starling-contract'] !== '1')
    return problem(response, 400, 'This contract is not known');
  const { unknown = 'other' } = JSON.parse(request.headers['starling-parameters'] ?? '{}');
  // the reader is done at the end of the stream, and must not take the connection with it
  const reader = await RecordBatchReader.from(request.iterator({ destroyOnReturn: false }));
  await reader.open();
  if (!reader.schema.fields.some(({ name }) => name === column))
    return problem(response, 422, `There is no ${column}`);
  response.writeHead(200, { 'content-type': arrowStream });
  const batches = async function* () {
    // also an answer of no rows has a schema
    yield emptyBatch(reader.schema);
    for await (const batch of reader) yield withRegions(batch, unknown);
  };
  await pipeline(Readable.from(batches()), RecordBatchStreamWriter.throughNode(), response);
  request.resume();
}

function emptyBatch(schema) {
  const children = schema.fields.map(({ type }) => makeData({ type, length: 0 }));
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: 0, nullCount: 0, children }),
  );
}

/** The batch with the one column changed, and all others as they came. */
function withRegions(batch, unknown) {
  const position = batch.schema.fields.findIndex(({ name }) => name === column);
  const codes = batch.getChildAt(position);
  const regions = Array.from({ length: batch.numRows }, (_, row) => regionOf(codes.get(row), unknown));
  const children = [...batch.data.children];
  children[position] =
    vectorFromArray(regions, new Utf8()).data[0] ?? makeData({ type: new Utf8(), length: 0 });
  const data = makeData({
    type: new Struct(batch.schema.fields),
    length: batch.numRows,
    nullCount: 0,
    children,
  });
  return new RecordBatch(batch.schema, data);
}

function regionOf(code, unknown) {
  if (code === null) return null;
  if (dutch.has(code)) return 'Netherlands';
  return european.has(code) ? 'rest of Europe' : unknown;
}

function problem(response, status, title) {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ title, status }));
}

server.listen(Number(process.argv[2] ?? 9100), '127.0.0.1', () => {
  console.log(`regions listens on http://127.0.0.1:${server.address().port}/regions`);
});
