// (a) A warm request over small data, through HTTP, against the same DuckDB query run directly in a warm child.

import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDaemon, untilWarm } from './daemon.mjs';
import { median, ms, quantile, table } from './figures.mjs';
import { rawChild } from './raw.mjs';

const rounds = Number(process.env.ROUNDS ?? 60);
const seconds = Number(process.env.SECONDS ?? 20);
const query = `SELECT Geslacht, avg(Salschal), count(*) FROM Personen JOIN Aanstellingen
  ON Personen.Unieknr = Aanstellingen.Unieknr AND Personen.Peildat = Aanstellingen.Peildat GROUP BY Geslacht`;
const body = JSON.stringify({ user: { id: 'ada@university.example' }, dataProviders: ['VU'] });

async function ask(url, payload = body) {
  const start = performance.now();
  const response = await fetch(`${url}/api/v1/requests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: payload,
  });
  const answer = await response.json();
  return { took: performance.now() - start, status: response.status, answer };
}

const folder = await mkdtemp(join(tmpdir(), 'starling-bench-'));
const daemon = await startDaemon(folder);
try {
  await untilWarm(daemon.url, ['VU', 'UVA', 'RUG', 'SURF']);
  const data = join(folder, 'agents', 'VU', 'data');
  const file = join(
    data,
    readdirSync(data).find((name) => name.endsWith('.duckdb')),
  );
  const added = [];
  const raws = [];
  const ours = [];
  for (let round = -5; round < rounds; round += 1) {
    const raw = await rawChild(file, query);
    await untilWarm(daemon.url, ['VU', 'UVA']);
    const { took: direct } = await raw.run();
    const { took, status } = await ask(daemon.url);
    if (status !== 200) throw new Error(`HTTP status ${status}`);
    if (round < 0) continue;
    raws.push(direct);
    ours.push(took);
    added.push(took - direct);
  }
  console.log(`(a) warm request, one provider, ${rounds} rounds\n`);
  table(
    ['', 'median', 'p90', 'p99'],
    [
      ['DuckDB in a warm child', ms(median(raws)), ms(quantile(raws, 0.9)), ms(quantile(raws, 0.99))],
      ['Starling, through HTTP', ms(median(ours)), ms(quantile(ours, 0.9)), ms(quantile(ours, 0.99))],
      ['added', ms(median(added)), ms(quantile(added, 0.9)), ms(quantile(added, 0.99))],
    ],
  );
  const rates = [];
  for (const clients of [1, 4, 16, 64]) {
    const took = [];
    let refused = 0;
    const end = performance.now() + seconds * 1000;
    const began = performance.now();
    await Promise.all(
      Array.from({ length: clients }, async () => {
        while (performance.now() < end) {
          const answer = await ask(daemon.url);
          if (answer.status === 200) took.push(answer.took);
          else if (answer.status === 429) {
            refused += 1;
            await new Promise((resolve) => setTimeout(resolve, 200));
          } else throw new Error(`HTTP status ${answer.status}`);
        }
      }),
    );
    const rate = (took.length / (performance.now() - began)) * 1000;
    rates.push([clients, rate.toFixed(1), ms(median(took)), ms(quantile(took, 0.99)), refused]);
  }
  console.log(
    `Sustained, one provider, ${seconds} s each (a pool of 1 warm, at most 4 processes, 32 waiting)\n`,
  );
  table(['clients', 'answers/s', 'median', 'p99', 'refused (429)'], rates);
} finally {
  await daemon.stop();
  await rm(folder, { recursive: true, force: true });
}
