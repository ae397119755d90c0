import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Consortium } from '../consortium.js';
import { auditVerdicts, exportedLog } from '../consortium-audit.js';
import type { Gateways } from './gateways.js';
import type { ExchangeHistory, ListedRequest } from './history.js';
import type { Owner } from './owner.js';

/** Between two looks at what is not there yet, in milliseconds, and how many looks there are: some two minutes. */
const [lookMs, mostLooks] = [1_000, 120];

/** What is there when all is over. Ends the consortium. */
export async function aftermath(
  consortium: Consortium,
  gateways: Gateways,
  owners: readonly Owner[],
): Promise<Pick<ExchangeHistory, 'listed' | 'leftRows' | 'auditProblems' | 'versions'>> {
  const listed = await endedRequests(gateways);
  const leftRows = await readdir(join(consortium.path('SURF'), 'received'));
  const verdicts = await auditVerdicts(consortium);
  const auditProblems = verdicts
    .filter(({ status, isSound }) => status !== 0 || !isSound)
    .map(
      ({ name, errors, findings }) =>
        `the audit log of ${name} is not sound: ${errors}${JSON.stringify(findings)}`,
    );
  const versions = { VU: [] as number[], UVA: [] as number[] };
  for (const owner of owners)
    versions[owner.provider] = await loggedChanges(exportedLog(consortium, owner.provider), owner);
  return { listed, leftRows, auditProblems, versions };
}

/** The changes that an agent has made, by its audit log, in their order. */
async function loggedChanges(file: string, { numbers }: Owner): Promise<number[]> {
  const made: number[] = [];
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    if (!line.includes('"agreement-changed"')) continue;
    const { entry } = JSON.parse(line) as { entry: { data: { agreement: string } } };
    made.push(numbers.get(entry.data.agreement) ?? -1);
  }
  return made;
}

/** All requests, when all have ended, or when those that have not are not waited for any more. */
async function endedRequests(gateways: Gateways): Promise<ListedRequest[]> {
  for (let looks = 1; ; looks += 1) {
    const listed = await listRequests(gateways);
    if (looks === mostLooks || listed.every(({ state }) => state !== 'running')) return listed;
    await wait(lookMs);
  }
}

async function listRequests(gateways: Gateways): Promise<ListedRequest[]> {
  const all: ListedRequest[] = [];
  for (let after = ''; ; ) {
    const body = await gateways.answered({ path: `/requests?limit=100${after}` });
    const { items, next } = body as { items: ListedRequest[]; next?: string };
    all.push(...items.map(({ id, state }) => ({ id, state })));
    if (next === undefined) return all;
    after = `&after=${next}`;
  }
}
