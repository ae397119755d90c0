import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { probeCaps } from '../../../kernel/caps/index.js';
import { ManualClock } from '../../../kernel/clock/index.js';
import { type ErrorCode, StarlingError } from '../../../kernel/errors/index.js';
import type { HostContract } from '../contract.js';
import type { RunningHost } from './host.js';
import { openHost } from './open.js';

const support = await probeCaps();
let folder: string;
let clock: ManualClock;
let host: RunningHost | undefined;
/** How registrations are answered, one after the other; `undefined` lets the host in. */
let answers: (ErrorCode | undefined)[];
let registrations: number;
let warned: unknown[];
const happened = new EventEmitter();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-refused-'));
  clock = new ManualClock();
  [registrations, warned] = [0, []];
});
afterEach(async () => {
  await host?.close();
  host = undefined;
  await rm(folder, { recursive: true, force: true });
});

const contract: HostContract = {
  register: async () => {
    registrations += 1;
    const code = answers.shift();
    if (code !== undefined) throw new StarlingError(code, `refused by ${code}`);
    return { lease: `l-${registrations}`, leaseMs: 10_000 };
  },
  report: async () => {
    throw new StarlingError('token-invalid', 'The token has expired.');
  },
  orders: async function* (_name, _lease, signal) {
    if (!signal.aborted) await once(signal, 'abort');
    yield* [];
  },
  token: async () => undefined,
  log: async () => undefined,
  leave: async () => undefined,
};

async function start(): Promise<RunningHost> {
  host = await openHost({
    ...{ name: 'h1', capacity: 1, version: '1', contract, folder, clock, support },
    random: () => 0,
    logger: { info: () => undefined, warn: (fields: unknown) => warned.push(fields), error: () => undefined },
    url: () => 'http://127.0.0.1:8080',
    environment: {},
  });
  host.onChange(() => happened.emit('changed'));
  const changed = once(happened, 'changed');
  await host.start();
  await changed;
  return host;
}

/** Lets the time go on until the host stands otherwise. */
async function change(ms: number): Promise<void> {
  const changed = once(happened, 'changed');
  clock.advance(ms);
  await changed;
}

it.each([
  'token-missing',
  'token-invalid',
  'role-missing',
  'input-invalid',
  'not-found',
  'host-refused',
] as const)('gives up where its first registration is refused by %s', async (code) => {
  answers = [code];
  const refused = await start();
  expect(refused.status()).toMatchObject({ state: 'refused', error: { code } });
  expect(clock.pendingTimers).toBe(0);
  expect(registrations).toBe(1);
});

it.each([
  'name-taken',
  'clock-skewed',
  'gateway-unreachable',
  'shutting-down',
  'storage-unavailable',
] as const)(
  'goes on where it is refused by %s, and says so once, without where in the code that was',
  async (code) => {
    answers = [code, code, undefined];
    const waiting = await start();
    expect(waiting.status()).toMatchObject({ state: 'not connected', error: { code } });
    await change(5_000);
    expect(waiting.status().state).toBe('not connected');
    await change(5_000);
    expect(waiting.status().state).toBe('connected');
    expect(warned).toEqual([{ code, reason: `refused by ${code}` }]);
  },
);

it('goes on where it was let in before, for a token may be replaced in its file', async () => {
  answers = [undefined, 'token-invalid', undefined];
  const once = await start();
  expect(once.status().state).toBe('connected');
  await change(10_000);
  while (once.status().state !== 'connected' || registrations < 3) await change(5_000);
  expect(registrations).toBe(3);
});
