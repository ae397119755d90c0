// (f) Rows through a third party, against bare Parquet → HTTP → read_parquet of the same columns, computed at the end of both.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { childrenOf, startDaemon, untilWarm } from './daemon.mjs';
import { median, table } from './figures.mjs';

// ROWS=50000000 asks for more rows, ROUNDS for more pairs
const sizes = (process.env.ROWS ?? '1000000,10000000').split(',').map(Number);
const rounds = Number(process.env.ROUNDS ?? 3);
const party = (name) =>
  `  ${name}: { name: ${name}, roles: [${name === 'SURF' ? 'computeProvider' : 'dataProvider'}] }`;
const program = (name) => fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));

async function makeData(folder, rows) {
  const file = join(folder, 'Work.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run('SELECT setseed(0.5)');
  await connection.run(`COPY (SELECT 100000000 + (random() * ${rows / 4})::BIGINT AS Nr,
    ['Economie', 'Natuurwetenschappen', 'Gezondheid', 'Diversen', 'Techniek', 'Recht'][1 + (random() * 6)::INTEGER % 6] AS Sector,
    5 + (random() * 13)::INTEGER AS Schaal, round(1500 + random() * 6000, 2) AS Loon
    FROM range(${rows})) TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return file;
}

const configuration = (file) => `
parties:
${party('VU')}
${party('SURF')}
dataSets:
  work:
    title: Work
    unit: [Work.Nr]
    tables: { Work: {} }
    measures: { Work.Loon: {} }
    groups: [Work.Sector, Work.Schaal]
    filters: []
    defaults: { from: Work }
    sources: { VU: { tables: { Work: { file: "${file}" } } } }
agreements:
  VU:
    relations:
      ada@university.example:
        requestTypes: [sqlDataRequest]
        dataSets: { work: { columns: { Work: "*" } } }
        archetypes: [dataThroughTtp]
        computeProviders: [SURF]
        output: { form: aggregates, minimumGroupSize: 10, rowsAtComputeProvider: true }
        limits: { rows: 100000000, resultMegabytes: 10000, timeSeconds: 600, memoryMegabytes: 1024 }
`;

/** The largest resident size of each process that `pids` names while `work` is done, in megabytes, by process id. */
async function watched(pids, work) {
  const peaks = new Map();
  const look = () => {
    for (const pid of pids()) {
      try {
        const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
        peaks.set(pid, Math.max(peaks.get(pid) ?? 0, (Number(peak ?? 0) * 1024) / 1e6));
      } catch {
        // it ended meanwhile
      }
    }
  };
  const timer = setInterval(look, 20);
  const result = await work();
  clearInterval(timer);
  return { result, peaks };
}

async function bare(folder, database, query, answer) {
  const receiver = fork(program('bare-receiver'), [join(folder, 'received.parquet'), answer]);
  const [url] = await once(receiver, 'message');
  const sender = fork(program('bare-sender'), [database, query, join(folder, `pipe-${receiver.pid}`)]);
  await once(sender, 'message');
  const start = performance.now();
  const { result, peaks } = await watched(
    () => [sender.pid, receiver.pid],
    async () => {
      sender.send(url);
      const [done] = await once(receiver, 'message');
      return done;
    },
  );
  const took = performance.now() - start;
  return { took, bytes: result.bytes, sender: peaks.get(sender.pid), receiver: peaks.get(receiver.pid) };
}

async function ours(daemon, rows) {
  await untilWarm(daemon.url, ['VU', 'SURF']);
  const algorithm = { name: 'average', column: 'Loon', groupBy: ['Sector', 'Schaal'] };
  const query = 'SELECT Nr, Sector, Schaal, Loon FROM Work';
  const body = JSON.stringify({ user: { id: 'ada@university.example' }, algorithm, query });
  const start = performance.now();
  const { result, peaks } = await watched(
    () => [daemon.pid, ...childrenOf(daemon.pid)],
    async () => {
      const response = await fetch(`${daemon.url}/api/v1/requests`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', prefer: 'wait=600' },
        body,
      });
      return { status: response.status, answer: await response.json() };
    },
  );
  const took = performance.now() - start;
  if (result.status !== 200) throw new Error(JSON.stringify(result.answer).slice(0, 2_000));
  const counted = JSON.stringify(result.answer).match(/"rows":(\d+)/g)?.length ?? 0;
  if (counted === 0)
    throw new Error(`No groups over ${rows} rows: ${JSON.stringify(result.answer).slice(0, 2_000)}`);
  const runs = [...peaks].filter(([pid]) => pid !== daemon.pid).map(([, peak]) => peak);
  return { took, daemon: peaks.get(daemon.pid), runs: Math.max(...runs) };
}

const figures = [];
const memory = [];
for (const rows of sizes) {
  const folder = await mkdtemp(join(tmpdir(), 'starling-bench-'));
  try {
    const source = await makeData(folder, rows);
    const file = join(folder, 'starling.yaml');
    await writeFile(file, configuration(source));
    const daemon = await startDaemon(join(folder, 'data'), ['--config', file]);
    try {
      await untilWarm(daemon.url, ['VU', 'SURF']);
      const data = join(folder, 'data', 'agents', 'VU', 'data');
      const database = join(
        data,
        readdirSync(data).find((name) => name.endsWith('.duckdb')),
      );
      const query = 'SELECT Nr, Sector, Schaal, Loon FROM Work';
      const answer =
        "SELECT Sector, Schaal, avg(Loon), count(*) FROM read_parquet('$file') GROUP BY Sector, Schaal";
      const pairs = [];
      for (let round = -1; round < rounds; round += 1) {
        const direct = await bare(folder, database, query, answer);
        const through = await ours(daemon, rows);
        if (round >= 0) pairs.push([direct, through]);
      }
      const of = (pick) => median(pairs.map(pick));
      const [direct, through] = [of(([one]) => one.took), of(([, other]) => other.took)];
      const megabytes = pairs[0][0].bytes / 1e6;
      const rate = (took) => `${(rows / took / 1000).toFixed(1)} M`;
      const speed = (took) => `${((megabytes / took) * 1000).toFixed(0)} MB`;
      figures.push([
        rows.toLocaleString('en'),
        `${(direct / 1000).toFixed(2)} s`,
        `${rate(direct)}, ${speed(direct)}`,
        `${(through / 1000).toFixed(2)} s`,
        `${rate(through)}, ${speed(through)}`,
        `${(of(([one, other]) => one.took / other.took) * 100).toFixed(0)} %`,
      ]);
      const peak = (pick) => `${Math.max(...pairs.map(pick)).toFixed(0)} MB`;
      memory.push([
        rows.toLocaleString('en'),
        peak(([one]) => one.sender),
        peak(([one]) => one.receiver),
        peak(([, other]) => other.daemon),
        peak(([, other]) => other.runs),
      ]);
    } finally {
      await daemon.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
console.log(`(f) rows through a third party, medians of ${rounds} pairs; load ${loadavg()[0].toFixed(1)}\n`);
table(
  ['rows', 'bare', 'a second', 'Starling, through HTTP', 'a second', 'of the bare speed (median of pairs)'],
  figures,
);
console.log('Largest resident size\n');
table(['rows', 'bare sender', 'bare receiver', 'gateway and agents', 'a run'], memory);
