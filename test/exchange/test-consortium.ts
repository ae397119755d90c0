import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Consortium,
  type ConsortiumOptions,
  openConsortium,
} from '../../src/cli/consortium/open-consortium.js';
import { createTelemetry, type Telemetry } from '../../src/kernel/telemetry/index.js';
import type { RequestRecord } from '../../src/systems/exchange/ask/index.js';
import {
  type Configuration,
  exampleConfiguration,
  loadConfiguration,
  type PoolSizes,
} from '../../src/systems/exchange/index.js';
import type { RequestBody } from '../../src/systems/exchange/model/index.js';

/** A consortium in a folder of its own, with everything real: state, agents, capped runs. */
export interface TestConsortium {
  readonly consortium: Consortium;
  readonly folder: string;
  readonly telemetry: Telemetry;
  /** Asks as Ada and awaits the end, whichever it is. */
  ask(body?: Partial<RequestBody>): Promise<RequestRecord>;
  /** Closes the consortium, keeping its folder. */
  stop(): Promise<void>;
  /** Closes it and removes the folder. */
  remove(): Promise<void>;
}

export const ada = { id: 'ada@university.example', name: 'Ada' };

/** Small enough that a folder of tests does not fill two cores with warm processes. */
export const smallPool: PoolSizes = { warm: 1, max: 2, queue: 8, memoryMegabytes: 512, timeSeconds: 60 };

export async function openTestConsortium(
  options: Partial<ConsortiumOptions> & { readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<TestConsortium> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'starling-exchange-')));
  const telemetry = await createTelemetry({
    service: 'test',
    version: '0',
    logLevel: 'error',
    environment: options.environment ?? {},
  });
  const consortium = await openConsortium({
    configuration: exampleParsed(),
    configurationFile: join(folder, 'starling.yaml'),
    telemetry,
    sizes: smallPool,
    ...options,
    folder,
  });
  const stop = async () => {
    await consortium.close();
    await telemetry.shutdown();
  };
  return {
    consortium,
    folder,
    telemetry,
    ask: async (body = {}) => (await consortium.exchange.ask({ user: ada, ...body })).ended,
    stop,
    remove: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The example consortium, with `change` applied to its YAML text. */
export function exampleParsed(change: (yaml: string) => string = (yaml) => yaml): Configuration {
  return loadConfiguration(change(exampleConfiguration()), 'starling.yaml');
}
