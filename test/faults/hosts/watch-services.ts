import { setTimeout as wait } from 'node:timers/promises';
import type { Caller } from '../caller.js';
import { answered } from '../lab-run.js';
import type { HttpAnswer } from './desk.js';
import type { ReadyInstance } from './history.js';
import { hostNames, service } from './machines-with-hosts.js';

/** Between two looks at what is not as it will be, in milliseconds, and how many looks there are: some two minutes. */
const [lookMs, mostLooks] = [250, 480];
/** How long a gateway that may be away has for an answer, in milliseconds. */
const patienceMs = 2_000;

interface SeenService {
  readonly replicas: { readonly desired: number };
  readonly instances: readonly (ReadyInstance & { readonly state: string })[];
}
interface SeenHosts {
  readonly items: readonly { readonly name: string; readonly state: string }[];
}

/** Resolves when all hosts are there and every slot that is wanted is served, as gateways say; or when that takes too long. */
export async function untilServed(desks: readonly Caller[]): Promise<void> {
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const desk = desks[looks % desks.length];
    if (desk === undefined) throw new Error('There is no gateway to ask.');
    const hosts = await once<SeenHosts>(desk, '/hosts');
    const seen = hosts === undefined ? undefined : await once<SeenService>(desk, `/services/${service}`);
    if (hosts !== undefined && seen !== undefined && isServed(seen) && areThere(hosts)) return;
    await wait(lookMs);
  }
}

/** The instances that are ready, when those that are wanted are and no others are there, or when they are not waited for any more. */
export async function finallyReady(
  desk: Caller,
  wanted: number,
  drained: readonly string[],
): Promise<ReadyInstance[]> {
  for (let looks = 1; ; looks += 1) {
    const { instances } = await read<SeenService>(desk, `/services/${service}`);
    const ready = instances.filter(({ state }) => state === 'ready');
    const isThere =
      instances.length === wanted &&
      ready.length === wanted &&
      ready.every(({ host }) => !drained.includes(host));
    if (isThere || looks === mostLooks) return ready.map(({ id, slot, host }) => ({ id, slot, host }));
    await wait(lookMs);
  }
}

function isServed({ replicas, instances }: SeenService): boolean {
  const slots = new Set(instances.filter(({ state }) => state === 'ready').map(({ slot }) => slot));
  return Array.from({ length: replicas.desired }, (_, slot) => slot).every((slot) => slots.has(slot));
}

function areThere({ items }: SeenHosts): boolean {
  const there = items.filter(({ state }) => state === 'open' || state === 'drained');
  return there.length === hostNames.length;
}

async function once<Body>(desk: Caller, path: string): Promise<Body | undefined> {
  const outcome = await desk.ask<HttpAnswer<Body>>('http', { path }, patienceMs);
  return 'result' in outcome && outcome.result.status === 200 ? outcome.result.body : undefined;
}

async function read<Body>(desk: Caller, path: string): Promise<Body> {
  const { status, body } = await answered<HttpAnswer<Body>>(desk, 'http', { path });
  if (status !== 200) throw new Error(`${path} was answered with ${status}: ${JSON.stringify(body)}`);
  return body;
}
