import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMs } from '../../lab/monotonic.js';
import type { Report } from '../../lab/report.js';
import type { FaultKind } from '../../lab/schedule.js';
import { seeded } from '../../lab/seeded.js';
import type { Settings } from '../../lab/settings.js';
import { Tally } from '../../lab/tally.js';
import { Caller } from '../caller.js';
import { ada, Consortium, isGateway, parties } from '../consortium.js';
import { missingForDelay } from '../delayed-link.js';
import { FaultRunner } from '../fault-runner.js';
import type { Target } from '../inject.js';
import type { GatewayEngine } from '../lab-gateways.js';
import { missingForDrops } from '../network.js';
import { aftermath } from './aftermath.js';
import { checkHistory } from './check-history.js';
import { Client } from './client.js';
import { Gateways } from './gateways.js';
import type { Operation } from './history.js';
import { KnownRequests } from './known-requests.js';
import { openOwners } from './owner.js';
import { nextPlan } from './plan.js';
import { rightAnswers } from './right-answers.js';

/** Clients that are at work at once; the first ones own an agreement. */
const lanes = 8;
/** How often faults come, in operations: seldom in a long run, so that there is a time without any between two. */
const [everySmall, everyLarge, largeOperations] = [15, 60, 500] as const;
const lastsMs = [300, 4_000] as const;
/** Between two operations of one client where the first had no success, in milliseconds. */
const againMs = 200;
/** After one had asked too often. */
const restMs = 2_000;

/** A consortium of real processes, asked while its gateways, agents, links and servers fail. */
export async function exchangeRun(
  settings: Settings,
  engineName: string,
  { shared }: GatewayEngine,
): Promise<Report> {
  const consortium = await Consortium.open(shared);
  const { ca, ...gateway } = consortium.access(ada);
  const desk = new Caller('desk', consortium.machine('desk'), { gateway }, { NODE_EXTRA_CA_CERTS: ca });
  try {
    await desk.restart();
    const gateways = new Gateways(
      desk,
      consortium.gateways.map((name) => ({ name, url: consortium.access(ada, name).url })),
    );
    const right = await rightAnswers(gateways, consortium.gateways.length);
    const owners = await openOwners(consortium, gateways);
    const missing = await missingFaults();
    const random = seeded(settings.seed);
    const every =
      settings.operations < largeOperations && settings.minutes === undefined ? everySmall : everyLarge;
    const schedule = { every, lastsMs };
    const runner = new FaultRunner({ random, targets: targetsOf(consortium), schedule, missing });
    const tally = new Tally(settings, (ending) => runner.operated(ending));
    const known = new KnownRequests();
    const operations: Operation[] = [];
    const failed = Promise.race([runner.failed, tally.stalled, desk.failed]);
    const work = Array.from({ length: lanes }, async (_, lane) => {
      const client = new Client(gateways, known, owners[lane]);
      const ownRandom = seeded(settings.seed + 1 + lane);
      while (!tally.isOver()) {
        const done = await client.act(nextPlan(ownRandom, owners[lane] !== undefined), ownRandom);
        tally.count(done.at, done.ending, done.kind, isGateway(done.gateway));
        if (done.ending !== 'absent') operations.push({ client: `desk/${lane}`, ...done });
        if (done.ending !== 'acknowledged') await wait(done.code === 'rate-limited' ? restMs : againMs);
      }
    });
    try {
      await Promise.race([Promise.all(work), failed]);
    } finally {
      tally.breakOff();
      await runner.end();
      await Promise.all(work);
    }
    const { injected } = runner;
    const rest = await aftermath(consortium, gateways, owners);
    const changes = owners.flatMap((owner) => owner.changes);
    const wallAheadMs = Date.now() - monotonicMs();
    const history = { operations, changes, faults: injected, wallAheadMs, right, ...rest };
    const run = { suite: 'exchange', engine: engineName, machines: 'in network namespaces' };
    return tally.report(run, injected, missing, checkHistory(history));
  } finally {
    await desk.kill();
    await consortium.close();
  }
}

/** What faults can hit: each gateway as often as an agent, and the members of the state's engine. */
function targetsOf(consortium: Consortium): Target[] {
  const served = [...consortium.gateways, ...parties].map(
    (name): Target => ({
      name,
      group: isGateway(name) ? 'gateway' : 'agent',
      machine: consortium.machine(name),
      process: {
        get pid() {
          return consortium.pid(name);
        },
        kill: () => consortium.kill(name),
        stop: () => consortium.stop(name),
        restart: () => consortium.start(name),
      },
    }),
  );
  return [...served, ...consortium.engineTargets];
}

async function missingFaults(): Promise<ReadonlyMap<FaultKind, string>> {
  const [drops, delay] = [await missingForDrops(), await missingForDelay()];
  const missing = new Map<FaultKind, string>();
  if (drops !== undefined) {
    missing.set('lose packets', drops);
    missing.set('cut from servers', drops);
  }
  if (delay !== undefined) missing.set('delay', delay);
  return missing;
}
