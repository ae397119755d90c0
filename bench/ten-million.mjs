// (b) A group-by over 10 million rows under computeToData, against the same group-by in raw DuckDB.
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { startDaemon, untilWarm } from './daemon.mjs';
import { median, ms, table } from './figures.mjs';
import { rawChild } from './raw.mjs';

const rows = Number(process.env.ROWS ?? 10_000_000);
const rounds = Number(process.env.ROUNDS ?? 15);
const one = 'SELECT Unieknr, HOOPgeb, Peildat, Salschal FROM Aanstellingen';
const cases = [
  [
    'average by sector (6 groups)',
    { name: 'average', column: 'Salschal', groupBy: ['HOOPgeb'] },
    'SELECT HOOPgeb, avg(Salschal), count(*) FROM Aanstellingen GROUP BY HOOPgeb',
    one,
  ],
  [
    'average by sector and year (60 groups)',
    { name: 'average', column: 'Salschal', groupBy: ['HOOPgeb', 'Peildat'] },
    'SELECT HOOPgeb, Peildat, avg(Salschal), count(*) FROM Aanstellingen GROUP BY HOOPgeb, Peildat',
    one,
  ],
  [
    'variance by sector and year',
    { name: 'variance', column: 'Salschal', groupBy: ['HOOPgeb', 'Peildat'] },
    'SELECT HOOPgeb, Peildat, var_samp(Salschal), count(*) FROM Aanstellingen GROUP BY HOOPgeb, Peildat',
    one,
  ],
  [
    'average by sex, over a join of 10 M with 2.5 M rows',
    { name: 'average', column: 'Salschal', groupBy: ['Geslacht'] },
    'SELECT Geslacht, avg(Salschal), count(*) FROM Personen JOIN Aanstellingen ON Personen.Unieknr = Aanstellingen.Unieknr GROUP BY Geslacht',
    'SELECT Aanstellingen.Unieknr, Geslacht, Salschal FROM Personen JOIN Aanstellingen ON Personen.Unieknr = Aanstellingen.Unieknr',
  ],
];

const folder = await mkdtemp(join(tmpdir(), 'starling-bench-'));
const parquet = (name) => join(folder, `${name}.parquet`);
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
await connection.run('SELECT setseed(0.5)');
await connection.run(`COPY (SELECT range::INTEGER AS Unieknr, CASE WHEN random() < 0.5 THEN 'M' ELSE 'V' END AS Geslacht
  FROM range(${rows / 4})) TO '${parquet('Personen')}' (FORMAT parquet)`);
await connection.run(`COPY (SELECT (random() * ${rows / 4 - 1})::INTEGER AS Unieknr,
  ['ECON', 'NATU', 'G&M', 'DIV', 'TECH', 'RECHT'][1 + (random() * 6)::INTEGER % 6] AS HOOPgeb,
  2011 + (random() * 10)::INTEGER % 10 AS Peildat, 5 + (random() * 13)::INTEGER AS Salschal
  FROM range(${rows})) TO '${parquet('Aanstellingen')}' (FORMAT parquet)`);
connection.closeSync();
instance.closeSync();

const configuration = `
parties:
  VU: { name: VU, roles: [dataProvider] }
dataSets:
  big:
    title: Ten million appointments
    unit: [Personen.Unieknr, Aanstellingen.Unieknr]
    tables: { Personen: {}, Aanstellingen: {} }
    measures: { Aanstellingen.Salschal: {} }
    groups: [Personen.Geslacht, Aanstellingen.HOOPgeb, Aanstellingen.Peildat]
    filters: []
    defaults: { from: Aanstellingen }
    sources:
      VU: { tables: { Personen: { file: "${parquet('Personen')}" }, Aanstellingen: { file: "${parquet('Aanstellingen')}" } } }
agreements:
  VU:
    relations:
      ada@university.example:
        requestTypes: [sqlDataRequest]
        dataSets: { big: { columns: { Personen: "*", Aanstellingen: "*" } } }
        archetypes: [computeToData]
        output: { form: aggregates, minimumGroupSize: 10 }
`;
const file = join(folder, 'starling.yaml');
await writeFile(file, configuration);
const daemon = await startDaemon(join(folder, 'data'), ['--config', file]);
try {
  await untilWarm(daemon.url, ['VU']);
  const data = join(folder, 'data', 'agents', 'VU', 'data');
  const database = join(
    data,
    readdirSync(data).find((name) => name.endsWith('.duckdb')),
  );
  const figures = [];
  for (const [name, algorithm, raw, query] of cases) {
    const body = JSON.stringify({
      user: { id: 'ada@university.example' },
      algorithm,
      ...(query ? { query } : {}),
    });
    const pairs = [];
    for (let round = -2; round < rounds; round += 1) {
      const child = await rawChild(database, raw);
      await untilWarm(daemon.url, ['VU']);
      const { took: direct } = await child.run();
      const start = performance.now();
      const response = await fetch(`${daemon.url}/api/v1/requests`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const answer = await response.json();
      const took = performance.now() - start;
      if (response.status !== 200) throw new Error(JSON.stringify(answer));
      if (round >= 0) pairs.push([direct, took]);
    }
    const direct = median(pairs.map(([one]) => one));
    const ours = median(pairs.map(([, other]) => other));
    const ratio = median(pairs.map(([one, other]) => other / one));
    figures.push([name, ms(direct), ms(ours), ratio.toFixed(2)]);
  }
  console.log(`(b) ${rows.toLocaleString('en')} rows, computeToData, medians of ${rounds} pairs\n`);
  table(['question', 'raw DuckDB', 'Starling, through HTTP', 'ratio (median of pairs)'], figures);
} finally {
  await daemon.stop();
  await rm(folder, { recursive: true, force: true });
}
