import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { madeRecord } from '../ask/made-record.js';
import type { RequestRecord, Result } from '../ask/request-record.js';
import type { AnswerFormat } from '../exchange-api.js';
import { AnswerFiles } from './answer-files.js';
import { readAnswer } from './answers.js';

const id = 'r-2aaaaaaaa0000';
let folder: string;
let files: AnswerFiles;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starling-answers-'));
  files = new AnswerFiles(folder);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Figures of one provider. */
function figures(provider: string, average: number): Result {
  const rows = [{ Geslacht: 'M', average }];
  const withheld = { groups: 0, total: false, minimumGroupSize: 10 };
  return {
    providers: [provider],
    computedAt: provider,
    table: { columns: ['Geslacht', 'average'], rows, withheld },
  };
}

/** Rows of one provider, kept in its file. */
async function released(provider: string): Promise<Result> {
  const bytes = tableToIPC(tableFromArrays({ Geslacht: ['M', 'V'] }), 'stream');
  await files.write(id, provider, Readable.from([Buffer.from(bytes)]));
  const rows = { columns: ['Geslacht'], rows: 2, bytes: bytes.byteLength };
  return { providers: [provider], computedAt: provider, rows };
}

const failed: Result = {
  providers: ['RUG'],
  computedAt: 'RUG',
  error: { code: 'time-limit', message: 'It took longer than 60 s.' },
};

const answered = (results: readonly Result[], more: Partial<RequestRecord> = {}) =>
  madeRecord(undefined, { id, state: 'answered', results, ...more });

const read = (record: RequestRecord, format: AnswerFormat, position?: number) =>
  readAnswer(record, format, position, files);

describe('an answer of figures', () => {
  const record = answered([figures('UVA', 10.5), figures('VU', 11.5)]);

  it('is told with its media type, and a file name after its job', async () => {
    const told = await Promise.all(
      (['json', 'csv', 'arrow'] as const).map(async (format) => {
        const { contentType, fileName, body } = await read(record, format);
        body.destroy();
        return [contentType, fileName];
      }),
    );
    expect(told).toEqual([
      ['application/json; charset=utf-8', 'ada-00000001.json'],
      ['text/csv; charset=utf-8; header=present', 'ada-00000001.csv'],
      ['application/vnd.apache.arrow.stream', 'ada-00000001.arrow'],
    ]);
  });

  it('holds every result, or the one that is picked', async () => {
    expect(await text((await read(record, 'csv')).body)).toBe(
      'provider,Geslacht,average\r\nUVA,M,10.5\r\nVU,M,11.5\r\n',
    );
    expect(await text((await read(record, 'csv', 1)).body)).toBe('Geslacht,average\r\nM,11.5\r\n');
    const table = tableFromIPC(await buffer((await read(record, 'arrow')).body));
    expect(table.toArray().map((row) => [row.provider, row.average])).toEqual([
      ['UVA', 10.5],
      ['VU', 11.5],
    ]);
  });

  it('names the provider also where the other one could not answer', async () => {
    const partly = answered([failed, figures('VU', 11.5)]);
    expect(await text((await read(partly, 'csv')).body)).toBe('provider,Geslacht,average\r\nVU,M,11.5\r\n');
    const json = JSON.parse(await text((await read(partly, 'json')).body));
    expect(json.results.map((result: Result) => result.error?.code)).toEqual(['time-limit', undefined]);
  });
});

describe('an answer of rows', () => {
  it('is read from its file, in every form', async () => {
    const record = answered([await released('VU')]);
    expect(await text((await read(record, 'csv')).body)).toBe('Geslacht\r\nM\r\nV\r\n');
    const json = JSON.parse(await text((await read(record, 'json')).body));
    expect(json.results).toEqual([
      {
        providers: ['VU'],
        computedAt: 'VU',
        columns: ['Geslacht'],
        rows: [{ Geslacht: 'M' }, { Geslacht: 'V' }],
      },
    ]);
    const arrow = await buffer((await read(record, 'arrow')).body);
    expect(arrow).toEqual(await buffer(await files.open(id, 'VU')));
  });

  it('of several providers is one table as CSV, and one stream each as Arrow', async () => {
    const record = answered([await released('UVA'), await released('VU')]);
    expect(await text((await read(record, 'csv')).body)).toBe(
      'provider,Geslacht\r\nUVA,M\r\nUVA,V\r\nVU,M\r\nVU,V\r\n',
    );
    await expect(read(record, 'arrow')).rejects.toMatchObject({
      code: 'format-unavailable',
      message:
        'The answer holds rows of 2 providers, and an Arrow stream holds those of one. Add result=0 to result=1.',
    });
    const one = tableFromIPC(await buffer((await read(record, 'arrow', 1)).body));
    expect(one.numRows).toBe(2);
  });

  it('whose file is gone is told at once as Arrow', async () => {
    const record = answered([await released('VU')]);
    await files.remove(id);
    await expect(read(record, 'arrow')).rejects.toMatchObject({ code: 'result-gone' });
    await expect(text((await read(record, 'csv')).body)).rejects.toMatchObject({ code: 'result-gone' });
  });
});

describe('there is no answer', () => {
  it('while the request runs', async () => {
    await expect(read(madeRecord(), 'json')).rejects.toMatchObject({
      code: 'result-not-ready',
      message: `Request ${id} is still running. Follow its events, or ask again in a moment.`,
    });
  });

  it.each([
    ['refused', 'request-refused'],
    ['failed', 'run-died'],
    ['cancelled', 'request-cancelled'],
  ] as const)('of a request that was %s: it ends with %s', async (state, code) => {
    const error = { code, message: 'It came to this.', details: { provider: 'VU' } };
    await expect(read(madeRecord(undefined, { state, error }), 'json')).rejects.toMatchObject(error);
  });

  it('after its time', async () => {
    const keptUntil = Date.UTC(2026, 2, 2, 10);
    const bare = { providers: ['VU'], computedAt: 'VU' };
    await expect(read(answered([bare], { keptUntil, answerGone: true }), 'csv')).rejects.toMatchObject({
      code: 'result-gone',
      message: `The answer of request ${id} is no longer kept. It was kept until 2026-03-02T10:00:00.000Z. Ask again.`,
    });
  });

  it('at a position where there is none', async () => {
    await expect(read(answered([figures('VU', 1)]), 'json', 1)).rejects.toMatchObject({
      code: 'not-found',
      message: `Request ${id} has 1 results, counted from 0; there is no result 1.`,
    });
  });

  it('of the one provider that could not answer', async () => {
    await expect(read(answered([failed, figures('VU', 1)]), 'json', 0)).rejects.toMatchObject(
      failed.error ?? {},
    );
  });
});
