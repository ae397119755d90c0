import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../kernel/clock/index.js';
import { type GatewayRegistry, openGatewayRegistry } from '../../kernel/gateways/index.js';
import type { State } from '../../kernel/state/index.js';
import { createLogger } from '../../kernel/telemetry/index.js';
import {
  type ApplyReport,
  type CatalogueStore,
  exampleConfiguration,
  loadConfiguration,
  openCatalogue,
} from '../../systems/exchange/index.js';
import { openEngines } from '../engines/index.js';
import { applyConfiguration } from './apply-configuration.js';
import { configurationFingerprint } from './configuration-settings.js';

const example = exampleConfiguration();
const renamed = example.replace('Vrije Universiteit Amsterdam', 'VU Amsterdam');
const { logger } = createLogger({ service: 'test', instance: '1', level: 'silent', destination: 1 });

let folder: string;
let state: State;
let engines: Awaited<ReturnType<typeof openEngines>>;
let catalogue: CatalogueStore;
let there: GatewayRegistry[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'starling-apply-'));
  const rest = { environment: {}, clock: systemClock, logger };
  engines = await openEngines({ folder, choice: {}, ...rest });
  state = engines.state;
  catalogue = await openCatalogue(state, { logger });
  there = [];
});
afterEach(async () => {
  for (const one of there) await one.close();
  await catalogue.close();
  await engines.close();
  await rm(folder, { recursive: true });
});

/** Registers a gateway that is to have this configuration. */
async function registered(id: string, text: string): Promise<GatewayRegistry> {
  const registry = await openGatewayRegistry({
    ...{ state, ttlMs: 60_000, clock: systemClock, logger },
    self: {
      ...{ id, url: `https://${id}.example`, publicUrl: 'https://starling.example', version: '0.1.0' },
      startedAt: '2026-01-31T12:00:00.000Z',
      configuration: {
        fingerprint: configurationFingerprint(loadConfiguration(text, 'starling.yaml')),
        isApplied: false,
      },
    },
  });
  there.push(registry);
  return registry;
}

/** Has a registered gateway bring in its configuration. */
const apply = (gateways: GatewayRegistry, text: string, forAll = false): Promise<ApplyReport> =>
  applyConfiguration({
    ground: { engines, gateways },
    catalogue,
    configuration: loadConfiguration(text, 'starling.yaml'),
    file: 'starling.yaml',
    forAll,
  });

const start = async (id: string, text: string, forAll = false) =>
  apply(await registered(id, text), text, forAll);

const nameOfVu = () => catalogue.current().parties.get('VU')?.value.name;

describe('the configuration of a gateway', () => {
  it('is brought in where no other runs, and makes no word of itself where the others have the same', async () => {
    const first = await registered('one', example);
    expect((await apply(first, example)).applied.length).toBeGreaterThan(10);
    expect(first.self.configuration?.isApplied).toBe(true);
    expect(await start('two', `# the same\n${example}`)).toEqual({ applied: [], kept: [] });
    for (const one of there.splice(0)) await one.close();
    expect((await start('three', renamed)).applied).toEqual([
      { kind: 'parties', name: 'VU', change: 'changed' },
    ]);
  });

  it('is refused beside others that it would turn over, by name, and changes nothing', async () => {
    await start('one', example);
    const services = `${renamed}\nservices:\n  resize: { command: [node] }\n`;
    await expect(start('two', services)).rejects.toMatchObject({
      code: 'configuration-differs',
      message: expect.stringContaining('gateway at https://one.example runs'),
      details: {
        changes: [
          { what: 'party VU', change: 'changed' },
          { what: 'service resize', change: 'added' },
        ],
      },
    });
    expect(nameOfVu()).toContain('Vrije Universiteit');
    expect(await start('three', example)).toEqual({ applied: [], kept: [] });
  });

  it('is brought in for all by the first that is told to, and found done by those after it', async () => {
    await start('one', example);
    const { applied } = await start('two', renamed, true);
    expect(applied).toEqual([{ kind: 'parties', name: 'VU', change: 'changed' }]);
    await there.shift()?.close();
    expect(await start('one-again', renamed)).toEqual({ applied: [], kept: [] });
    await expect(start('forgotten', example)).rejects.toMatchObject({
      code: 'configuration-differs',
      details: { changes: [{ what: 'party VU', change: 'changed' }] },
    });
    expect(nameOfVu()).toContain('VU Amsterdam');
  });

  it('is brought in together by those that start with it at once, and not where they have two', async () => {
    await start('before', example);
    await there.shift()?.close();
    const one = await registered('one', renamed);
    const two = await registered('two', renamed);
    await Promise.all([apply(one, renamed), apply(two, renamed)]);
    expect(nameOfVu()).toContain('VU Amsterdam');
    for (const each of there.splice(0)) await each.close();
    const old = await registered('old', example);
    await registered('new', renamed);
    await expect(apply(await registered('other', example), example)).rejects.toMatchObject({
      code: 'configuration-differs',
    });
    expect(old.self.configuration?.isApplied).toBe(false);
  });
});
