import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MadeServer, openMadeServer } from '../../kernel/made-server/index.js';
import { ApiClient } from '../client/api-client.js';
import { answerFile, writeAnswer } from './save-answer.js';

let folder: string;
let server: MadeServer;
let client: ApiClient;
let asked: string[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-save-answer-'));
  asked = [];
  server = await openMadeServer((request, response) => {
    asked.push(request.url ?? '');
    answer(response);
  });
  client = new ApiClient(server.url);
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const write = (id: string, name: string, result?: string) =>
  writeAnswer(client, id, answerFile(join(folder, name), result), new AbortController().signal);

describe('writeAnswer', () => {
  it('writes the answer of a request or a job in the form of the file', async () => {
    answer = (response) => response.end('a,b\r\n1,2\r\n');
    expect(await write('r-1', 'x.csv')).toBe(10);
    expect(await write('ada-1', 'x.arrow', '1')).toBe(10);
    expect(await readFile(join(folder, 'x.csv'), 'utf8')).toBe('a,b\r\n1,2\r\n');
    expect(asked).toEqual([
      '/api/v1/requests/r-1/result?format=csv',
      '/api/v1/jobs/ada-1/result?format=arrow&result=1',
    ]);
    expect(await readdir(folder)).toEqual(['x.arrow', 'x.csv']);
  });

  it('keeps the file that is there where the answer breaks off, and leaves no part of it', async () => {
    await writeFile(join(folder, 'x.csv'), 'before');
    answer = (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('a,b', () => response.destroy());
    };
    await expect(write('r-1', 'x.csv')).rejects.toMatchObject({ code: 'gateway-unreachable' });
    expect(await readFile(join(folder, 'x.csv'), 'utf8')).toBe('before');
    expect(await readdir(folder)).toEqual(['x.csv']);
  });

  it('says that the folder is not there', async () => {
    answer = (response) => response.end('a');
    await expect(write('r-1', 'none/x.csv')).rejects.toMatchObject({
      code: 'input-invalid',
      message: `The folder of ${join(folder, 'none/x.csv')} is not there. Make it, or name another file.`,
    });
  });
});

describe('answerFile', () => {
  it.each(['x', 'x.txt', 'csv', ''])('refuses "%s", which names no form', (file) => {
    expect(() => answerFile(file, undefined)).toThrow('let it end in .csv, .arrow, .json.');
  });

  it('refuses a position that is none', () => {
    expect(() => answerFile('X.CSV', '-1')).toThrow('and "-1" is not one.');
    expect(answerFile('X.CSV', '0')).toEqual({ file: 'X.CSV', format: 'csv', result: 0 });
  });
});
