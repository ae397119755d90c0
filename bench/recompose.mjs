// (e) Re-composition of 1,000 live jobs: from the call that changes an agreement until the last job that it touches is settled.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../dist/kernel/clock/index.js';
import { openLocalState } from '../dist/kernel/state/index.js';
import { createTelemetry } from '../dist/kernel/telemetry/index.js';
import { decide } from '../dist/systems/exchange/ask/decide.js';
import { Recomposition } from '../dist/systems/exchange/ask/recomposition.js';
import { RequestStore } from '../dist/systems/exchange/ask/request-store.js';
import { openCatalogue } from '../dist/systems/exchange/catalogue/index.js';
import { exampleConfiguration, loadConfiguration } from '../dist/systems/exchange/index.js';
import { applyJob } from '../dist/systems/exchange/job/index.js';
import { normaliseRequest } from '../dist/systems/exchange/model/index.js';
import { median, ms, quantile, table } from './figures.mjs';

const jobs = Number(process.env.JOBS ?? 1000);
const rounds = Number(process.env.ROUNDS ?? 9);
const user = { id: 'ada@university.example' };
const online = { VU: true, UVA: true, RUG: true, SURF: true };

const folder = await mkdtemp(join(tmpdir(), 'starling-bench-'));
const telemetry = await createTelemetry({
  service: 'bench',
  version: '0',
  logLevel: 'error',
  environment: {},
});
const state = await openLocalState({ folder });
const store = new RequestStore(state);
const catalogue = await openCatalogue(state);
await catalogue.applyConfiguration(
  loadConfiguration(exampleConfiguration(), 'starling.yaml'),
  'starling.yaml',
);
const directory = {
  all: () => Object.keys(online).map((party) => ({ party, status: () => ({ party, online: true }) })),
  onChange: () => () => undefined,
};
const recomposition = new Recomposition({
  store,
  catalogue,
  directory,
  runningOf: () => [],
  clock: systemClock,
  telemetry,
});

/** A job of VU and UVA, or of UVA alone, which no change of VU's agreement touches. */
async function makeJob(number, dataProviders) {
  const now = Date.now();
  const question = normaliseRequest({ user, dataProviders }, catalogue.current());
  const { decisions, composition } = decide(question, catalogue.current(), online, now);
  const id = `ada-${number.toString(16).padStart(8, '0')}`;
  const { job } = applyJob(undefined, { type: 'create', at: now, id, question, composition });
  const record = {
    id: `r-2${String(number).padStart(12, '0')}`,
    job: id,
    user,
    question,
    decisions,
    events: [],
  };
  await store.begun(record, job, 0);
}

async function change(minimumGroupSize) {
  const agreement = catalogue.current().agreements.get('VU').value;
  const relation = agreement.relations[user.id];
  const output = { ...relation.output, minimumGroupSize };
  const relations = { ...agreement.relations, [user.id]: { ...relation, output } };
  const used = process.cpuUsage();
  const start = performance.now();
  await catalogue.put('agreements', 'VU', { ...agreement, relations });
  const acknowledged = performance.now() - start;
  await recomposition.settled();
  const settled = performance.now() - start;
  const { user: own, system } = process.cpuUsage(used);
  return { acknowledged, settled, processor: (own + system) / 1000 };
}

try {
  for (let number = 0; number < jobs; number += 1) await makeJob(number, ['VU', 'UVA']);
  for (let number = jobs; number < 2 * jobs; number += 1) await makeJob(number, ['UVA']);
  await recomposition.start();
  await recomposition.settled();
  const taken = [];
  for (let round = 0; round < rounds; round += 1) taken.push(await change(20 + round));
  const touched = (await store.liveJobs()).filter((job) => job.revision === rounds + 1).length;
  if (touched !== jobs) throw new Error(`${touched} jobs were composed anew each time, and not ${jobs}`);
  console.log(
    `(e) ${jobs} live jobs composed anew, beside ${jobs} that the change does not touch, ${rounds} rounds\n`,
  );
  const row = (name, values) => [name, ms(median(values)), ms(quantile(values, 0.99))];
  table(
    ['', 'median', 'most'],
    [
      row(
        'change → acknowledged',
        taken.map((one) => one.acknowledged),
      ),
      row(
        'change → last job settled',
        taken.map((one) => one.settled),
      ),
      row(
        'processor time of it',
        taken.map((one) => one.processor),
      ),
    ],
  );
} finally {
  await recomposition.close();
  await catalogue.close();
  await state.close();
  await telemetry.shutdown();
  await rm(folder, { recursive: true, force: true });
}
