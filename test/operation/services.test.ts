import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Serving, serve, starling } from './starling-process.js';

const configuration = `parties:
  VU: { name: Vrije Universiteit, roles: [dataProvider] }
services:
  greeter:
    command: [node, greeter.mjs]
    readiness: line
    replicas: { desired: 1, max: 3 }
`;
/** Asks the gateway with its token for what only operators may have, and tells the status; then waits to be told to end. */
const greeter = `
import { readFileSync } from 'node:fs';
const { STARLING_URL, STARLING_TOKEN_FILE } = process.env;
const authorization = 'Bearer ' + readFileSync(STARLING_TOKEN_FILE, 'utf8');
const { status } = await fetch(STARLING_URL + '/api/v1/services', { headers: { authorization } });
console.log('answered with ' + status);
const waiting = setInterval(() => {}, 2 ** 30);
process.once('SIGTERM', async () => {
  const { ok } = await fetch(STARLING_URL + '/healthz');
  console.log('the gateway is ' + (ok ? 'still there' : 'gone'));
  clearInterval(waiting);
});
console.log('ready');
`;

let folder: string;
let serving: Serving | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-services-'));
  const text = configuration.replace('greeter.mjs', join(folder, 'greeter.mjs'));
  await writeFile(join(folder, 'starling.yaml'), text);
  await writeFile(join(folder, 'greeter.mjs'), greeter);
});

afterEach(async () => {
  await serving?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The lines of the greeter so far, once there are so many. */
async function lines(count: number, environment: Record<string, string>): Promise<string[]> {
  const { STARLING_URL = '', STARLING_TOKEN = '' } = environment;
  const response = await fetch(`${STARLING_URL}/api/v1/services/greeter/logs?follow=true`, {
    headers: { authorization: `Bearer ${STARLING_TOKEN}` },
  });
  const found: string[] = [];
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += Buffer.from(bytes).toString('utf8');
    found.splice(0, found.length, ...[...text.matchAll(/"text":"([^"]*)"/g)].map(([, line = '']) => line));
    if (found.length >= count) break;
  }
  return found;
}

it('services of the configuration run with the gateway, signed in as themselves, and end before it', async () => {
  const up = () => serve(folder, ['up', '--auth', '--port', '0'], /API +(http:\S+?)\/api\/v1/);
  serving = await up();
  const token = await starling(folder, ['token', '--user', 'olga', '--role', 'operator']);
  const environment = { STARLING_URL: serving.found, STARLING_TOKEN: token.out.trim() };

  // its token is believed, and opens nothing that is not for instances
  expect(await lines(1, environment)).toEqual(['answered with 403']);
  const scaled = await starling(
    folder,
    ['services', 'scale', 'greeter', '2', '--because', 'guests'],
    environment,
  );
  expect(scaled.out.trim()).toMatch(/^greeter is to have 2; ready now: [01] of 2\.$/);
  expect(await lines(2, environment)).toEqual(['answered with 403', 'answered with 403']);
  const tooMany = await starling(folder, ['services', 'scale', 'greeter', '4'], environment);
  expect([tooMany.status, tooMany.err]).toEqual([2, expect.stringContaining('from 0 to 3')]);
  const listed = await starling(folder, ['services', '--json'], environment);
  expect(JSON.parse(listed.out)).toMatchObject({
    items: [
      { name: 'greeter', replicas: { desired: 2, max: 3 }, because: 'scaled by olga: guests' },
      { name: 'photo-worker', because: 'declared by tasks' },
    ],
  });

  expect(await serving.stop()).toBe(0);
  serving = await up();
  const again = { ...environment, STARLING_URL: serving.found };
  const token2 = await starling(folder, ['token', '--user', 'olga', '--role', 'operator']);
  const said = await lines(6, { ...again, STARLING_TOKEN: token2.out.trim() });
  // the number that was asked for outlives the restart
  expect(said.slice(2).sort()).toEqual([
    'answered with 403',
    'answered with 403',
    'the gateway is still there',
    'the gateway is still there',
  ]);
}, 120_000);
