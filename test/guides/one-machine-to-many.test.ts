import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { missingForNetwork, openNetwork } from '../faults/network.js';
import { missingEtcd } from '../servers/etcd.js';
import { missingHaproxy } from '../servers/haproxy.js';
import { missingNats } from '../servers/nats.js';
import { photosFor } from './photos.js';
import { readPage } from './read-page.js';
import { PageRun } from './run-page.js';

const page = new URL('../../docs/guides/one-machine-to-many.md', import.meta.url);
/** In the order of their addresses, from 10.55.0.1. */
const machines = ['m1', 'm2', 'm3', 'laptop', 'vu', 'uva', 'rug', 'surf'];

const missing =
  process.env.STARLING_GUIDES === undefined
    ? 'it takes minutes; `npm run guides` runs it'
    : ((await missingForNetwork()) ?? missingEtcd() ?? missingNats() ?? missingHaproxy());
if (missing !== undefined) console.log(`The guide to many machines is not run: ${missing}`);

it.skipIf(missing !== undefined)(
  'from one machine to many, as the page has it',
  { timeout: 1_200_000 },
  async () => {
    const steps = readPage(await readFile(page, 'utf8'));
    expect(steps.length).toBeGreaterThan(0);
    const folder = await mkdtemp(join(tmpdir(), 'starling-guide-'));
    const network = await openNetwork(machines);
    const run = await PageRun.open(folder, network.machines);
    await photosFor(join(folder, 'laptop', 'archive'));
    try {
      for (const step of steps) {
        console.log(`${step.line} ${step.machines} ${step.kind === 'command' ? step.command : step.path}`);
        await run.take(step);
      }
    } finally {
      await run.close();
      await network.remove();
      await rm(folder, { recursive: true });
    }
  },
);
