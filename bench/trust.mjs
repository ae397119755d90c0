// (d) What not needing to trust costs a request: signed orders, audit, output control and TLS, each by itself.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConsortium } from '../dist/cli/consortium/open-consortium.js';
import { openAuditLog } from '../dist/kernel/audit/index.js';
import { systemClock } from '../dist/kernel/clock/index.js';
import { createTokenVerifier, openIssuer, openSigningKey } from '../dist/kernel/identity/index.js';
import { openLocalState } from '../dist/kernel/state/index.js';
import { createTelemetry } from '../dist/kernel/telemetry/index.js';
import { exampleConfiguration, loadConfiguration } from '../dist/systems/exchange/index.js';
import { openOrder, signOrder } from '../dist/systems/exchange/order/index.js';
import { untilRuns } from './daemon.mjs';
import { median, ms, quantile, table } from './figures.mjs';
import { openPair } from './over-tls.mjs';

const rounds = Number(process.env.ROUNDS ?? 40);
const ada = 'ada@university.example';

async function timed(times, work) {
  const took = [];
  for (let time = -Math.floor(times / 10); time < times; time += 1) {
    const start = performance.now();
    await work(time);
    if (time >= 0) took.push(performance.now() - start);
  }
  return took;
}

const row = (name, took) => [name, ms3(median(took)), ms3(quantile(took, 0.9)), ms3(quantile(took, 0.99))];
const ms3 = (value) => `${value.toFixed(3)} ms`;

/** The example with requesters of its own: `first-…` ask once each, `free` is not held to groups of persons. */
function configuration() {
  const text = exampleConfiguration();
  const parsed = loadConfiguration(text, 'starling.yaml');
  const relation = parsed.agreements.VU.relations[ada];
  const relations = { ...parsed.agreements.VU.relations };
  for (let number = -rounds; number < rounds; number += 1) relations[`first-${number + rounds}`] = relation;
  relations.free = { ...relation, output: { form: 'aggregates', minimumGroupSize: 1 } };
  return { ...parsed, agreements: { ...parsed.agreements, VU: { ...parsed.agreements.VU, relations } } };
}

async function parts() {
  const folder = await mkdtemp(join(tmpdir(), 'starling-bench-'));
  const telemetry = await createTelemetry({
    service: 'bench',
    version: '0',
    logLevel: 'error',
    environment: {},
  });
  const key = await openSigningKey(join(folder, 'bench.key'));
  const state = await openLocalState({ folder: join(folder, 'bench-state') });
  const consortium = await openConsortium({
    folder,
    configuration: configuration(),
    configurationFile: join(folder, 'starling.yaml'),
    telemetry,
  });
  try {
    const agent = consortium.directory.get('VU');
    const execute = agent.execute.bind(agent);
    let order;
    agent.execute = (given, options) => {
      order = given;
      return execute(given, options);
    };
    const ask = async (user) => {
      const asked = await consortium.exchange.ask({ user: { id: user }, dataProviders: ['VU'] });
      const record = await asked.ended;
      if (record.state !== 'answered') throw new Error(`${user}: ${record.error?.message}`);
      return record;
    };
    const idle = () => untilRuns(() => telemetry.metrics.text(), ['VU']);
    await idle();
    await ask(ada);

    const issuer = openIssuer({
      key,
      issuer: 'http://127.0.0.1:1',
      audience: 'starling',
      clock: systemClock,
    });
    const issuers = [{ issuer: 'http://127.0.0.1:1', audience: 'starling', keys: [key.publicKey] }];
    const token = await issuer.mint({ user: ada, roles: ['requester'], ttlSeconds: 3600 });
    const claims = {
      ...JSON.parse(Buffer.from(order.signed.split('.')[1], 'base64url')),
      iss: key.publicKey.kid,
      token,
      auditHead: undefined,
    };
    const people = createTokenVerifier({ issuers, clock: systemClock });
    const ground = () => ({ party: 'VU', gatewayKeys: [key.publicKey], people, now: Date.now() });
    const signed = await signOrder(claims, key);
    const times = rounds * 10;
    const signing = await timed(times, () => signOrder(claims, key));
    const opening = await timed(times, async () => {
      const { reasons } = await openOrder({ ...order, signed }, ground());
      if (reasons.length > 0) throw new Error(reasons.join(' '));
    });
    const tokens = await timed(times, () =>
      createTokenVerifier({ issuers, clock: systemClock }).verify(token),
    );

    const audit = await openAuditLog({ state, owner: 'bench', key, clock: systemClock });
    const appending = await timed(rounds, (time) => audit.append('order-outcome', { time, claims }));
    const writing = await timed(rounds, (time) => state.put('/bench/record', { time }));
    const heads = [];
    for (let time = 0; time < rounds; time += 1) {
      await audit.append('order-outcome', { time });
      const [took] = await timed(1, () => audit.head());
      heads.push(took);
    }

    console.log('(d) Parts of a request, each by itself\n');
    table(
      ['', 'median', 'p90', 'p99'],
      [
        row(`sign an order (${signed.length} bytes)`, signing),
        row('open it at the agent, its token known', opening),
        row('verify a token that is not known', tokens),
        row('append to the audit log, synced', appending),
        row('sign its head', heads),
        row('for comparison: one synced write', writing),
      ],
    );

    const controlled = {
      'no minimum (k = 1)': [],
      'k = 10, asked before': [],
      'k = 10, for the first time': [],
    };
    for (let round = -5; round < rounds; round += 1) {
      for (const [name, user] of [
        ['no minimum (k = 1)', 'free'],
        ['k = 10, asked before', ada],
        ['k = 10, for the first time', `first-${round + rounds}`],
      ]) {
        await idle();
        const start = performance.now();
        await ask(user);
        if (round >= 0) controlled[name].push(performance.now() - start);
      }
    }
    console.log(
      `Output control: a warm request to one provider of 36,600 rows, in process, ${rounds} rounds\n`,
    );
    table(
      ['', 'median', 'p90', 'p99'],
      Object.entries(controlled).map(([name, took]) => row(name, took)),
    );
  } finally {
    await consortium.close();
    await state.close();
    await telemetry.shutdown();
    await rm(folder, { recursive: true, force: true });
  }
}

async function overTls() {
  const pair = await openPair();
  try {
    const took = {
      'list, without TLS': [],
      'list, with TLS': [],
      'request, without TLS': [],
      'request, with TLS': [],
    };
    for (let round = -5; round < rounds; round += 1) {
      for (const [name, one] of [
        ['without TLS', pair.plain],
        ['with TLS', pair.secured],
      ]) {
        await one.untilWarm();
        for (const [what, work] of [
          ['list', one.list],
          ['request', one.ask],
        ]) {
          const start = performance.now();
          await work();
          if (round >= 0) took[`${what}, ${name}`].push(performance.now() - start);
        }
      }
    }
    console.log(`TLS 1.3 on the caller's and the agent's connection, both kept, ${rounds} rounds\n`);
    table(
      ['', 'median', 'p90', 'p99'],
      Object.entries(took).map(([name, values]) => [
        name,
        ms(median(values)),
        ms(quantile(values, 0.9)),
        ms(quantile(values, 0.99)),
      ]),
    );
  } finally {
    await pair.close();
  }
}

await parts();
await overTls();
