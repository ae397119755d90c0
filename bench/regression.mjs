// (i) Regressions over two providers: federated, and over the rows of both at a third party, which is the pooled fit.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { startDaemon, untilWarm } from './daemon.mjs';
import { median, ms, table } from './figures.mjs';

const rows = Number(process.env.ROWS ?? 1_000_000);
const rounds = Number(process.env.ROUNDS ?? 3);
const providers = ['UVA', 'VU'];
const predictors = ['Schaal', 'Uren', 'Jaren'];
const cases = [
  { name: 'linearRegression', outcome: 'Loon', predictors, groupBy: [] },
  { name: 'logisticRegression', outcome: { column: 'Geslacht', equals: 'V' }, predictors },
];

async function makeData(file, count, seed) {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(`SELECT setseed(${seed})`);
  await connection.run(`COPY (SELECT *, CASE WHEN random() < 1 / (1 + exp(0.12 * (Schaal - 11) - 0.0004 * Uren)) THEN 'V' ELSE 'M' END AS Geslacht,
    round(900 + 310 * Schaal + 0.04 * Uren + 25 * Jaren + 400 * random(), 2)::DOUBLE AS Loon
    FROM (SELECT range::INTEGER AS Nr, 5 + (random() * 13)::INTEGER AS Schaal, 2000 + (random() * 8000)::INTEGER AS Uren,
      random() * 40 AS Jaren FROM range(${count}))) TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

const folder = await mkdtemp(join(tmpdir(), 'starling-bench-'));
const parquet = (party) => join(folder, `${party}.parquet`);
for (const [at, party] of providers.entries()) await makeData(parquet(party), rows / 2, 0.1 + at / 10);
const configuration = `
parties:
  SURF: { name: SURF, roles: [computeProvider] }
${providers.map((party) => `  ${party}: { name: ${party}, roles: [dataProvider] }`).join('\n')}
dataSets:
  work:
    title: Work
    unit: [Work.Nr]
    tables: { Work: {} }
    measures: { Work.Loon: {}, Work.Schaal: {}, Work.Uren: {}, Work.Jaren: {} }
    groups: [Work.Geslacht]
    filters: []
    defaults: { from: Work }
    sources: { ${providers.map((party) => `${party}: { tables: { Work: { file: "${parquet(party)}" } } }`).join(', ')} }
agreements:
${providers
  .map(
    (party) => `  ${party}:
    relations:
      ada@university.example:
        requestTypes: [sqlDataRequest]
        dataSets: { work: { columns: { Work: "*" } } }
        archetypes: [federatedAggregate, dataThroughTtp]
        computeProviders: [SURF]
        output: { form: aggregates, minimumGroupSize: 10, rowsAtComputeProvider: true }
        limits: { rows: 100000000, resultMegabytes: 10000, timeSeconds: 600 }`,
  )
  .join('\n')}
`;
const file = join(folder, 'starling.yaml');
await writeFile(file, configuration);
const daemon = await startDaemon(join(folder, 'data'), ['--config', file]);

async function ask(algorithm, archetype) {
  await untilWarm(daemon.url, [...providers, 'SURF']);
  const start = performance.now();
  const response = await fetch(`${daemon.url}/api/v1/requests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=600' },
    body: JSON.stringify({ user: { id: 'ada@university.example' }, algorithm, archetype }),
  });
  const answer = await response.json();
  const took = performance.now() - start;
  if (response.status !== 200) throw new Error(JSON.stringify(answer).slice(0, 2_000));
  const terms = answer.results[0]?.rows ?? [];
  if (terms.length !== predictors.length + 1) throw new Error(JSON.stringify(answer).slice(0, 2_000));
  return { took, terms };
}

try {
  const figures = [];
  for (const algorithm of cases) {
    const pairs = [];
    for (let round = -1; round < rounds; round += 1) {
      const federated = await ask(algorithm, 'federatedAggregate');
      const pooled = await ask(algorithm, 'dataThroughTtp');
      const error = Math.max(
        ...pooled.terms.map((term, at) => Math.abs(federated.terms[at].coefficient / term.coefficient - 1)),
      );
      // the first time, the release is held against earlier ones
      if (round >= 0) pairs.push({ federated, pooled, error });
    }
    figures.push([
      algorithm.name,
      String(pairs[0].federated.terms[0].rounds ?? 1),
      ms(median(pairs.map(({ federated }) => federated.took))),
      ms(median(pairs.map(({ pooled }) => pooled.took))),
      Math.max(...pairs.map(({ error }) => error)).toExponential(1),
    ]);
  }
  const load = loadavg().map((value) => value.toFixed(0));
  console.log(`(i) ${rows.toLocaleString('en')} rows at two providers, ${rounds} rounds, load ${load[0]}\n`);
  table(
    [
      'fit',
      'rounds',
      'federated',
      'rows at a third party (pooled)',
      'largest relative difference of a coefficient',
    ],
    figures,
  );
} finally {
  await daemon.stop();
  await rm(folder, { recursive: true, force: true });
}
