import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, Writable } from 'node:stream';
import { Float64, Table, tableFromIPC, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/kernel/clock/index.js';
import { callStep } from '../../src/systems/exchange/foreign/index.js';
import { madeStep } from '../../src/systems/exchange/foreign/made-step.js';
import { type ForeignStep, type Step, stepCallLimits } from '../../src/systems/exchange/model/index.js';
import { checkStep } from '../../src/systems/exchange/step-check.js';

// each test starts a program, on machines that may be busy
vi.setConfig({ testTimeout: 60_000 });

const programs: ChildProcess[] = [];
afterEach(() => {
  for (const program of programs.splice(0)) program.kill();
});

/** Where an example says that it listens. */
async function started(command: string, file: string): Promise<string> {
  const program = spawn(command, [resolve('examples/steps', file), '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  programs.push(program);
  const [line] = await once(createInterface({ input: program.stdout }), 'line');
  return String(/http\S+/.exec(String(line))?.[0]);
}

function stepAt(url: string, changes: Partial<ForeignStep> = {}): ForeignStep {
  return {
    title: 'A step',
    role: 'dataProvider',
    takes: 'rows',
    gives: 'rows',
    after: ['sql-query'],
    outputs: ['sql-algorithm'],
    endpoint: { url },
    input: { 'Personen.Nationaliteit': 'text', 'Aanstellingen.Salschal': 'number' },
    output: {},
    ...changes,
  } satisfies Step;
}

/** What a step makes of two columns. */
async function made(url: string, parameters: Readonly<Record<string, number>>): Promise<Table> {
  const parts: Buffer[] = [];
  const table = new Table({
    u0: vectorFromArray(['a', 'b', 'c'], new Utf8()),
    'Aanstellingen.Salschal': vectorFromArray([9, 10.5, null], new Float64()),
  });
  await callStep({
    url,
    context: {
      step: 'bands',
      party: 'VU',
      role: 'dataProvider',
      request: 'r',
      job: 'j',
      units: ['u0'],
      parameters,
    },
    limits: stepCallLimits(),
    rows: Readable.from([Buffer.from(tableToIPC(table, 'stream'))]),
    answer: new Writable({
      write(part: Buffer, _encoding, done) {
        parts.push(part);
        done();
      },
    }),
    signal: new AbortController().signal,
    clock: systemClock,
  });
  return tableFromIPC(Buffer.concat(parts));
}

const python = process.env.STARLING_PYTHON ?? 'python3';
function hasPyarrow(): boolean {
  try {
    execFileSync(python, ['-c', 'import pyarrow'], { stdio: 'ignore' });
    return true;
  } catch {
    console.info(`Skipped: the example in Python, because ${python} with pyarrow is not here.`);
    return false;
  }
}

describe('the example steps', () => {
  it('in Node keeps to the contract', async () => {
    const url = await started(process.execPath, 'regions.mjs');
    const step = stepAt(url, { output: { 'Personen.Nationaliteit': 'text' } });
    expect(await checkStep('regions', step, undefined)).toMatchObject({
      step: 'regions',
      url,
      calls: [
        { sent: 40, received: 40 },
        { sent: 0, received: 0 },
      ],
    });
  });

  it.skipIf(!hasPyarrow())('in Python keeps to the contract, and makes bands', async () => {
    const url = await started(python, 'salary_bands.py');
    const step = stepAt(url, { output: { 'Aanstellingen.Salschal': 'number' } });
    expect(await checkStep('salary-bands', step, undefined)).toMatchObject({
      calls: [
        { sent: 40, received: 40 },
        { sent: 0, received: 0 },
      ],
    });
    const bands = await made(url, { width: 5 });
    expect([...(bands.getChild('Aanstellingen.Salschal') ?? [])]).toEqual([5, 10, null]);
    expect([...(bands.getChild('u0') ?? [])]).toEqual(['a', 'b', 'c']);
  });
});

describe('checkStep', () => {
  it('says what is wrong, with what the step said of the made-up rows', async () => {
    const step = await madeStep((request, response) => {
      request.resume();
      response.writeHead(422).end('no region for 0004');
    });
    try {
      await expect(checkStep('regions', stepAt(step.url), undefined)).rejects.toMatchObject({
        code: 'step-failed',
        message: expect.stringContaining('It said: no region for 0004'),
        details: { step: 'regions', fault: 'status' },
      });
    } finally {
      await step.close();
    }
  });
});
