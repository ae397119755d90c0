import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Report } from '../../lab/report.js';
import type { FaultKind } from '../../lab/schedule.js';
import { seeded } from '../../lab/seeded.js';
import type { Settings } from '../../lab/settings.js';
import { Tally } from '../../lab/tally.js';
import { Caller } from '../caller.js';
import { ada, Consortium, parties } from '../consortium.js';
import { auditVerdicts } from '../consortium-audit.js';
import { missingForDelay } from '../delayed-link.js';
import { FaultRunner } from '../fault-runner.js';
import type { Target } from '../inject.js';
import { answered } from '../lab-run.js';
import { missingForDrops } from '../network.js';
import { ask, askOnAndOn, type HttpAnswer } from './asker.js';
import { checkHistory } from './check-history.js';
import { type Asked, type ExchangeHistory, type ListedRequest, type Question, rightKey } from './history.js';

const dataProviders = ['VU', 'UVA'];
const whole = { isPartial: false } as const;
const partly = { isPartial: true } as const;

/** Each way of computing over two providers, and those that do with one of them. */
const questions: readonly Question[] = [
  { name: 'own', body: { dataProviders, archetype: 'computeToData' }, ...whole },
  { name: 'merged', body: { dataProviders, archetype: 'federatedAggregate' }, ...whole },
  { name: 'rows', body: { dataProviders, archetype: 'dataThroughTtp' }, ...whole },
  { name: 'partial', body: { dataProviders, archetype: 'dataThroughTtp', allowPartial: true }, ...partly },
  {
    name: 'partial merge',
    body: { dataProviders, archetype: 'federatedAggregate', allowPartial: true },
    ...partly,
  },
];

/** Requests that are under way at once. */
const lanes = 2;
/** Between two looks at requests that have no end yet, in milliseconds, and how many looks there are: some two minutes. */
const [lookMs, mostLooks] = [1_000, 120];
const schedule = { every: 12, lastsMs: [300, 4_000] } as const;

/** A consortium of real processes, asked while its gateway, agents and links fail. */
export async function exchangeRun(settings: Settings, engine: string): Promise<Report> {
  const consortium = await Consortium.open();
  const { ca, ...gateway } = consortium.access(ada);
  const desk = new Caller('desk', consortium.machine('desk'), { gateway }, { NODE_EXTRA_CA_CERTS: ca });
  try {
    await desk.restart();
    const right = await rightAnswers(desk);
    const missing = await missingFaults();
    const targets = (['gateway', ...parties] as const).map(
      (name): Target => ({
        name,
        machine: consortium.machine(name),
        process: {
          get pid() {
            return consortium.pid(name);
          },
          kill: () => consortium.kill(name),
          restart: () => consortium.start(name),
        },
      }),
    );
    const runner = new FaultRunner({ random: seeded(settings.seed), targets, schedule, missing });
    const tally = new Tally(settings, (ending) => runner.operated(ending));
    const asked: Asked[] = [];
    const failed = Promise.race([runner.failed, tally.stalled, desk.failed]);
    const asking = Array.from({ length: lanes }, (_, lane) =>
      askOnAndOn(desk, lane, settings.seed + 1 + lane, questions, tally, (one) => asked.push(one)),
    );
    try {
      await Promise.race([Promise.all(asking), failed]);
    } finally {
      tally.breakOff();
      await runner.end();
      await Promise.all(asking);
    }
    const history = { questions, asked, right, ...(await aftermath(consortium, desk)) };
    const run = { suite: 'exchange', engine, machines: 'in network namespaces' };
    return tally.report(run, runner.injected, missing, checkHistory(history));
  } finally {
    await desk.kill();
    await consortium.close();
  }
}

async function missingFaults(): Promise<ReadonlyMap<FaultKind, string>> {
  const [drops, delay] = [await missingForDrops(), await missingForDelay()];
  const missing = new Map<FaultKind, string>();
  if (drops !== undefined) missing.set('lose packets', drops);
  if (delay !== undefined) missing.set('delay', delay);
  return missing;
}

/** What each set of providers answers when nothing fails; each question agrees with the others about it. */
async function rightAnswers(desk: Caller): Promise<ReadonlyMap<string, unknown>> {
  const right = new Map<string, unknown>();
  for (const question of questions) {
    const { results, code } = await ask(desk, question);
    if (results === undefined) throw new Error(`${question.name} is not answered before any fault: ${code}.`);
    for (const { providers, rows } of results) right.set(rightKey(providers), rows);
  }
  if ([...right.keys()].sort().join(' ') !== 'UVA UVA,VU VU')
    throw new Error(`Before any fault there are answers of ${[...right.keys()].join(' and ')} alone.`);
  return right;
}

/** What is there when all is over. Ends the consortium. */
async function aftermath(
  consortium: Consortium,
  desk: Caller,
): Promise<Pick<ExchangeHistory, 'listed' | 'leftRows' | 'auditProblems'>> {
  const listed = await endedRequests(desk);
  const received = join(consortium.path('SURF'), 'received');
  const leftRows = await readdir(received);
  const verdicts = await auditVerdicts(consortium);
  const auditProblems = verdicts
    .filter(({ status, isSound }) => status !== 0 || !isSound)
    .map(
      ({ name, errors, findings }) =>
        `the audit log of ${name} is not sound: ${errors}${JSON.stringify(findings)}`,
    );
  return { listed, leftRows, auditProblems };
}

/** All requests, when all have ended, or when those that have not are not waited for any more. */
async function endedRequests(desk: Caller): Promise<ListedRequest[]> {
  for (let looks = 1; ; looks += 1) {
    const listed = await listRequests(desk);
    if (looks === mostLooks || listed.every(({ state }) => state !== 'running')) return listed;
    await wait(lookMs);
  }
}

async function listRequests(desk: Caller): Promise<ListedRequest[]> {
  const all: ListedRequest[] = [];
  for (let after = ''; ; ) {
    const { status, body } = await answered<HttpAnswer>(desk, 'http', {
      path: `/requests?limit=100${after}`,
    });
    if (status !== 200) throw new Error(`The requests cannot be listed: ${JSON.stringify(body)}`);
    const { items, next } = body as unknown as { items: ListedRequest[]; next?: string };
    all.push(...items.map(({ id, state }) => ({ id, state })));
    if (next === undefined) return all;
    after = `&after=${next}`;
  }
}
