// Runs two instances over a state folder, whose gateway is at the given address, until it is killed.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { probeCaps } from '../../dist/kernel/caps/index.js';
import { systemClock } from '../../dist/kernel/clock/index.js';
import { openLocalState } from '../../dist/kernel/state/index.js';
import { openProcessRuntime } from '../../dist/runtime/index.js';

const [folder = '', url = ''] = process.argv.slice(2);
const state = await openLocalState({ folder: join(folder, 'state') });
const runtime = openProcessRuntime({
  state,
  folder: join(folder, 'services'),
  clock: systemClock,
  random: Math.random,
  logger: { info: () => {}, warn: () => {}, error: console.error },
  host: 'here',
  url: () => url,
  support: await probeCaps(),
  environment: process.env,
});
const program = fileURLToPath(new URL('instance-program.mjs', import.meta.url));
const command = [process.execPath, program, 'instance'];
await runtime.declare([{ name: 'worker', command, readiness: 'line', replicas: { desired: 2 } }], {
  source: 'test',
});
await runtime.start();
