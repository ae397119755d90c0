import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import {
  Int32,
  RecordBatchReader,
  Table,
  tableFromIPC,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bytesOf, type MadeStep, madeStep } from '../../src/systems/exchange/foreign/made-step.js';
import type { RequestBody } from '../../src/systems/exchange/model/index.js';
import { exampleParsed, openTestConsortium, type TestConsortium } from './test-consortium.js';

// each test starts processes, on machines that may be busy
vi.setConfig({ testTimeout: 120_000 });

const ok = { 'content-type': 'application/vnd.apache.arrow.stream' };

/** The example consortium with the steps at these addresses, which Ada's relations name. */
function configured(regions: string, other: string) {
  const steps = `
steps:
  regions:
    title: Nationalities to regions
    role: dataProvider
    takes: rows
    gives: rows
    option: regions
    after: [sql-query]
    outputs: [sql-algorithm]
    endpoint: { url: "${regions}" }
    input: { Personen.Nationaliteit: text }
    output: { Personen.Nationaliteit: text }
    parameters: { unknown: elsewhere }
  faulty:
    title: A step of a test
    role: dataProvider
    takes: rows
    gives: rows
    option: faulty
    after: [sql-query]
    outputs: [sql-algorithm]
    endpoint: { url: "${other}" }
    input: { Personen.Geslacht: text }
    output: { Personen.Geslacht: text }
    limits: { responseMegabytes: 3, rows: 20000 }
  slow:
    title: A step that has one second
    role: dataProvider
    takes: rows
    gives: rows
    option: slow
    after: [sql-query]
    outputs: [sql-algorithm]
    endpoint: { url: "${other}" }
    input: {}
    output: {}
    limits: { deadlineSeconds: 1 }
  secret:
    title: A step that is sent a token
    role: dataProvider
    takes: rows
    gives: rows
    option: secret
    after: [sql-query]
    outputs: [sql-algorithm]
    endpoint: { url: "${other}", sendToken: true }
    input: {}
    output: {}
  unnamed:
    title: A step that no relation names
    role: dataProvider
    takes: rows
    gives: rows
    option: unnamed
    after: [sql-query]
    outputs: [sql-algorithm]
    endpoint: { url: "${regions}" }
    input: {}
    output: {}
  figures:
    title: A step with figures of its own
    role: dataProvider
    takes: rows
    gives: aggregates
    option: figures
    after: [sql-query]
    outputs: []
    endpoint: { url: "${other}" }
    input: { Personen.Geslacht: text, Aanstellingen.Salschal: number }
    output: { persons: integer, sex: text, most: integer }
`;
  return exampleParsed(
    (yaml) =>
      yaml
        .replace('sql-graph]\n', 'sql-graph, regions, faulty, slow, secret, unnamed, figures]\n')
        .replace(
          /( +)archetypes: \[computeToData, federatedAggregate[^\n]*\n/g,
          (line, indent: string) =>
            `${line}${indent}foreignSteps: [regions, faulty, slow, secret, figures]\n`,
        ) + steps,
  );
}

let example: ChildProcess;
let faulty: MadeStep;
let test: TestConsortium;
/** What the faulty step does; each test says. */
let behave: (request: IncomingMessage, response: ServerResponse) => void | Promise<void> = () => {};

beforeAll(async () => {
  example = spawn(process.execPath, [resolve('examples/steps/regions.mjs'), '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(
    createInterface({ input: example.stdout as NodeJS.ReadableStream }),
    'line',
  )) as [string];
  faulty = await madeStep((request, response) => behave(request, response));
  test = await openTestConsortium({
    configuration: configured(String(/http\S+/.exec(said)?.[0]), faulty.url),
  });
});
afterAll(async () => {
  await test.remove();
  await faulty.close();
  example.kill();
});

const byNationality = {
  dataProviders: ['VU'],
  archetype: 'computeToData',
  algorithm: { name: 'average', column: 'Aanstellingen.Salschal', groupBy: ['Personen.Nationaliteit'] },
} satisfies Partial<RequestBody>;
const byRegion = { ...byNationality, options: { regions: true } };

describe('a foreign step at a data provider', () => {
  it('changes rows between the query and the algorithm', async () => {
    const plain = await test.ask(byNationality);
    const record = await test.ask(byRegion);
    expect(record.error).toBeUndefined();
    const table = record.results[0]?.table;
    expect(table?.rows.map((row) => row.Nationaliteit)).toEqual([
      'Netherlands',
      'elsewhere',
      'rest of Europe',
    ]);
    const dutch = plain.results[0]?.table?.rows.find((row) => row.Nationaliteit === '0001');
    expect(table?.rows[0]).toEqual({ ...dutch, Nationaliteit: 'Netherlands' });
    const whole = await test.ask({
      ...byNationality,
      algorithm: { ...byNationality.algorithm, groupBy: [] },
    });
    const sum = table?.rows.reduce((rows, row) => rows + Number(row.rows), 0);
    expect(sum).toBe(whole.results[0]?.table?.rows[0]?.rows);
    expect(table?.withheld.groups).toBe(0);
    expect(record.runs[0]?.steps.map(({ step }) => step)).toEqual(['sql-query', 'regions', 'sql-algorithm']);
  });

  it('takes part in figures that a third party merges', async () => {
    const apart = await Promise.all(
      ['UVA', 'VU'].map((party) => test.ask({ ...byRegion, dataProviders: [party] })),
    );
    const merged = await test.ask({
      ...byRegion,
      dataProviders: ['UVA', 'VU'],
      archetype: 'federatedAggregate',
    });
    expect(merged.error).toBeUndefined();
    const rowsOf = (record: (typeof apart)[number], region: string) =>
      Number(record.results[0]?.table?.rows.find((row) => row.Nationaliteit === region)?.rows ?? 0);
    for (const region of ['Netherlands', 'rest of Europe', 'elsewhere'])
      expect(rowsOf(merged, region)).toBe(apart.reduce((sum, one) => sum + rowsOf(one, region), 0));
  });

  it('gets rows only where the relation names it', async () => {
    const record = await test.ask({ ...byNationality, options: { unnamed: true } });
    expect([record.state, record.error?.code]).toEqual(['refused', 'request-refused']);
    expect(JSON.stringify(record.decisions)).toContain('foreign-step');
  });

  it('is told of persons by codes that are of no use outside of one order, and of no other columns', async () => {
    const seen: { columns: string[]; persons: Set<unknown> }[] = [];
    behave = async (request, response) => {
      const body = await bytesOf(request);
      const batches = [...RecordBatchReader.from(body)];
      seen.push({
        columns: batches[0]?.schema.fields.map(({ name }) => name) ?? [],
        persons: new Set(batches.flatMap((batch) => [...(batch.getChild('u0') ?? [])])),
      });
      response.writeHead(200, ok).end(body);
    };
    const question = { dataProviders: ['VU'], archetype: 'computeToData', options: { faulty: true } };
    const plain = await test.ask({ dataProviders: ['VU'], archetype: 'computeToData' });
    const one = await test.ask(question);
    const again = await test.ask(question);
    expect(one.results[0]?.table).toEqual(plain.results[0]?.table);
    expect(again.results[0]?.table).toEqual(plain.results[0]?.table);
    const [first, second] = seen;
    expect(first?.columns).toEqual(['u0', 'Aanstellingen.Salschal', 'Personen.Geslacht']);
    expect(first?.persons.size).toBeGreaterThan(100);
    expect([...(first?.persons ?? [])].filter((code) => second?.persons.has(code))).toEqual([]);
  });

  it('is sent the token that the agent keeps for it, and is not called without', async () => {
    behave = async (request, response) => {
      response.writeHead(200, ok).end(await bytesOf(request));
    };
    const question = { dataProviders: ['VU'], archetype: 'computeToData', options: { secret: true } };
    const before = faulty.calls.length;
    const without = await test.ask(question);
    expect(without.error?.details).toEqual({ step: 'secret', party: 'VU', fault: 'token' });
    expect(faulty.calls.length).toBe(before);
    const tokens = join(test.folder, 'agents', 'VU', 'step-tokens');
    await mkdir(tokens);
    await writeFile(join(tokens, 'secret'), 'the token of VU\n'.replaceAll(' ', '-'));
    expect((await test.ask(question)).state).toBe('answered');
    expect(faulty.calls.at(-1)?.authorization).toBe('Bearer the-token-of-VU');
  });

  it('gives figures of its own, of which those of too few persons are withheld', async () => {
    behave = async (request, response) => {
      const batches = [...RecordBatchReader.from(await bytesOf(request))];
      const persons = new Set(batches.flatMap((batch) => [...(batch.getChild('u0') ?? [])])).size;
      const columns = {
        persons: vectorFromArray([persons, 9, 10], new Int32()),
        sex: vectorFromArray(['all', 'few', 'enough'], new Utf8()),
        most: vectorFromArray([18, 17, 16], new Int32()),
      };
      response.writeHead(200, ok).end(streamOf(columns));
    };
    const record = await test.ask({
      dataProviders: ['VU'],
      archetype: 'computeToData',
      options: { figures: true },
    });
    expect(record.error).toBeUndefined();
    expect(record.results[0]?.table).toEqual({
      columns: ['sex', 'most'],
      rows: [
        { sex: 'all', most: 18 },
        { sex: 'enough', most: 16 },
      ],
      withheld: { groups: 1, total: false, minimumGroupSize: 10 },
    });
    behave = async (request, response) => {
      await bytesOf(request);
      const columns = {
        persons: vectorFromArray([1_000_000], new Int32()),
        sex: vectorFromArray(['all'], new Utf8()),
        most: vectorFromArray([18], new Int32()),
      };
      response.writeHead(200, ok).end(streamOf(columns));
    };
    const boast = await test.ask({
      dataProviders: ['VU'],
      archetype: 'computeToData',
      options: { figures: true },
    });
    expect(boast.error).toMatchObject({ code: 'step-failed', details: { fault: 'persons' } });
  });
});

type Columns = Readonly<Record<string, Vector>>;

/** One batch as a whole Arrow IPC stream. */
const streamOf = (columns: Columns): Uint8Array => tableToIPC(new Table(columns), 'stream');

type Behaviour = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const given =
  (make: (body: Buffer) => Uint8Array): Behaviour =>
  async (request, response) => {
    const body = await bytesOf(request);
    response.writeHead(200, ok).end(make(body));
  };

/** What came, as columns. */
function columnsOf(body: Buffer): Record<string, Vector> {
  const table = tableFromIPC(body);
  return Object.fromEntries(
    table.schema.fields.flatMap(({ name }) => {
      const vector = table.getChild(name);
      return vector === null ? [] : [[name, vector]];
    }),
  );
}

const faults: readonly (readonly [string, string, Behaviour])[] = [
  [
    'status',
    'a status 500',
    async (request, response) => {
      await bytesOf(request);
      response.writeHead(500).end('of person no-4711 the value');
    },
  ],
  [
    'redirect',
    'a redirect',
    async (request, response) => {
      await bytesOf(request);
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    },
  ],
  [
    'media-type',
    'another content type',
    async (request, response) => {
      await bytesOf(request);
      response.writeHead(200, { 'content-type': 'text/csv' }).end('a,b');
    },
  ],
  [
    'unreachable',
    'a huge header',
    async (request, response) => {
      await bytesOf(request);
      response.writeHead(200, { ...ok, 'x-large': 'x'.repeat(100_000) }).end();
    },
  ],
  [
    'cut',
    'a stream that is broken off by the connection',
    async (request, response) => {
      const body = await bytesOf(request);
      response.writeHead(200, ok);
      response.write(body.subarray(0, body.length / 2), () => response.destroy());
    },
  ],
  ['cut', 'a stream that ends in the middle', given((body) => body.subarray(0, body.length / 2))],
  ['cut', 'a stream without its end', given((body) => body.subarray(0, body.length - 8))],
  ['cut', 'nothing', given(() => Buffer.alloc(0))],
  ['garbage', 'what is no stream', given(() => Buffer.alloc(5_000, 'no arrow '))],
  [
    'garbage',
    'a batch that says it is of gigabytes',
    given((body) => {
      const bytes = Buffer.from(body);
      bytes.writeInt32LE(2_000_000_000, 4);
      return bytes;
    }),
  ],
  [
    'schema',
    'another column',
    given((body) => streamOf({ ...columnsOf(body), 'no-4711': columnsOf(body).u0 as Vector })),
  ],
  [
    'schema',
    'a column less',
    given((body) => {
      const { 'Personen.Geslacht': _left, ...others } = columnsOf(body);
      return streamOf(others);
    }),
  ],
  [
    'schema',
    'a column of another class',
    given((body) => {
      const columns = columnsOf(body);
      const sexes = Array.from({ length: columns.u0?.length ?? 0 }, (_, row) => row);
      return streamOf({ ...columns, 'Personen.Geslacht': vectorFromArray(sexes, new Int32()) });
    }),
  ],
  [
    'units',
    'rows of somebody else',
    given((body) => {
      const columns = columnsOf(body);
      const others = Array.from({ length: columns.u0?.length ?? 0 }, (_, row) => `someone ${row}`);
      return streamOf({ ...columns, u0: vectorFromArray(others, new Utf8()) });
    }),
  ],
  [
    'units',
    'rows of nobody',
    given((body) => {
      const columns = columnsOf(body);
      const nobody = Array.from({ length: columns.u0?.length ?? 0 }, () => null);
      return streamOf({ ...columns, u0: vectorFromArray(nobody, new Utf8()) });
    }),
  ],
  [
    'too-large',
    'more rows than are allowed',
    given((body) => {
      const table = tableFromIPC(body);
      return tableToIPC(
        table.concat(...Array.from({ length: Math.ceil(20_000 / table.numRows) }, () => table)),
        'stream',
      );
    }),
  ],
  [
    'too-large',
    'an answer without end',
    async (request, response) => {
      request.resume();
      response.writeHead(200, ok);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      more();
    },
  ],
];

describe('a foreign step that breaks the contract', () => {
  const question = { dataProviders: ['VU'], archetype: 'computeToData', options: { faulty: true } };

  it.each(faults)(
    'fails the run with %s for %s, and leaves nothing behind',
    async (fault, _what, behaviour) => {
      behave = behaviour;
      const record = await test.ask(question);
      expect(record.state).toBe('failed');
      expect(record.error).toMatchObject({
        code: 'step-failed',
        details: { step: 'faulty', party: 'VU', fault },
      });
      expect(record.error?.message).toContain('Step faulty at VU');
      expect(JSON.stringify(record)).not.toContain('no-4711');
      expect(await readdir(join(test.folder, 'agents', 'VU', 'step-rows'))).toEqual([]);
    },
  );

  it('fails the run with late once its deadline is over, and harms no other run', async () => {
    behave = async (request) => {
      request.resume();
    };
    const [hangs, other] = await Promise.all([
      test.ask({ ...question, options: { slow: true } }),
      test.ask({ dataProviders: ['VU'], archetype: 'computeToData' }),
    ]);
    expect(hangs.error?.details).toEqual({ step: 'slow', party: 'VU', fault: 'late' });
    expect(other.state).toBe('answered');
    expect(await readdir(join(test.folder, 'agents', 'VU', 'step-rows'))).toEqual([]);
  });
});
