import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  Bool,
  DateDay,
  Float64,
  Int64,
  Table,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { systemClock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import { DuckDBInstance } from './duckdb.js';
import { callStep, stepFailed } from './foreign/index.js';
import { type ForeignStep, type StepColumnType, stepCallLimits } from './model/index.js';
import { readArrow } from './runs/read-arrow.js';

/** How many made-up rows went to a step and came back, in each of two calls. */
export interface StepCheck {
  readonly step: string;
  readonly url: string;
  readonly calls: readonly { readonly sent: number; readonly received: number; readonly ms: number }[];
}

/** So many rows of half as many persons; and none, which steps tend to forget. */
const samples = [40, 0];
const dayMs = 86_400_000;

/**
 * Calls a foreign step with made-up rows, as the agent of a party would, and holds what it gives against what it declares.
 * Throws `step-failed`, whose message has what the step said: it was told nothing but made-up rows.
 */
export async function checkStep(
  name: string,
  step: ForeignStep,
  token: string | undefined,
): Promise<StepCheck> {
  const { endpoint } = step;
  if (!('url' in endpoint)) {
    const message = `This configuration does not say where step ${name} is (atAgent). Name the agent's own configuration with --config.`;
    throw new StarlingError('configuration-invalid', message, { details: { step: name } });
  }
  const folder = await mkdtemp(join(tmpdir(), 'starling-step-'));
  try {
    const calls: StepCheck['calls'][number][] = [];
    for (const rows of samples) calls.push(await tryCall(name, step, endpoint.url, token, rows, folder));
    return { step: name, url: endpoint.url, calls };
  } catch (error) {
    if (!(error instanceof StarlingError) || error.code !== 'step-failed') throw error;
    // whoever runs the step is the one to tell
    const message = error.message.replace(/ Ask again;.*$/, '');
    throw new StarlingError(error.code, `${message} ${saidText(error.cause)}`, {
      ...(error.details === undefined ? {} : { details: error.details }),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const saidText = (cause: unknown): string =>
  `It said: ${cause instanceof Error ? cause.message : String(cause)}`;

async function tryCall(
  name: string,
  step: ForeignStep,
  url: string,
  token: string | undefined,
  rows: number,
  folder: string,
): Promise<StepCheck['calls'][number]> {
  const at = { step: name, party: 'this machine' };
  const persons = Array.from({ length: rows }, (_, row) => `person-${row % Math.ceil(rows / 2)}`);
  const columns: Record<string, Vector> = { u0: vectorFromArray(persons, new Utf8()) };
  for (const [column, type] of Object.entries(step.input)) columns[column] = sampleOf(type, rows);
  const file = join(folder, randomUUID());
  const began = systemClock.now();
  await callStep({
    url,
    context: {
      ...at,
      role: step.role,
      request: 'check',
      job: 'check',
      units: ['u0'],
      parameters: step.parameters,
      token,
    },
    limits: stepCallLimits(step.limits),
    rows: Readable.from([Buffer.from(tableToIPC(new Table(columns), 'stream'))]),
    answer: createWriteStream(file, { flags: 'wx', mode: 0o600 }),
    signal: new AbortController().signal,
    clock: systemClock,
  });
  const ms = Math.round(systemClock.now() - began);
  return { sent: rows, received: await held(step, at, file, new Set(persons).size), ms };
}

/** Made-up values, with one that is missing. */
function sampleOf(type: StepColumnType, rows: number): Vector {
  const values = <Value>(make: (row: number) => Value) =>
    Array.from({ length: rows }, (_, row) => (row === 3 ? null : make(row)));
  switch (type) {
    case 'boolean':
      return vectorFromArray(
        values((row) => row % 2 === 0),
        new Bool(),
      );
    case 'integer':
      return vectorFromArray(
        values((row) => BigInt(row)),
        new Int64(),
      );
    case 'number':
      return vectorFromArray(
        values((row) => row / 4),
        new Float64(),
      );
    case 'date':
      return vectorFromArray(
        values((row) => new Date(row * 400 * dayMs)),
        new DateDay(),
      );
    case 'text':
      return vectorFromArray(
        values((row) => String(row % 5).padStart(4, '0')),
        new Utf8(),
      );
  }
}

/** Holds an answer against the declaration; resolves to its number of rows. */
async function held(
  { gives, input, output, limits }: ForeignStep,
  at: Parameters<typeof stepFailed>[0],
  file: string,
  persons: number,
): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const isFigures = gives === 'aggregates';
    const expected = isFigures
      ? { needed: output, allowed: {} }
      : { needed: { u0: 'text' as const, ...input, ...output }, allowed: {} };
    const rows = await readArrow(connection, file, expected, stepCallLimits(limits).rows, at);
    const wrong = isFigures
      ? `persons IS NULL OR persons < 0 OR persons > ${persons}`
      : "u0 IS NULL OR NOT regexp_full_match(u0, 'person-[0-9]+')";
    const found = await connection.runAndReadAll(`SELECT count(*) FROM step.came_back WHERE ${wrong}`);
    if (Number(found.getRows()[0]?.[0]) > 0) throw stepFailed(at, isFigures ? 'persons' : 'units');
    return rows;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
