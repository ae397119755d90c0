import { join } from 'node:path';
import { type Blobs, openLocalBlobs } from '../../kernel/blobs/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { openWhole } from '../../kernel/closers/index.js';
import { lockFolder } from '../../kernel/lmdb/index.js';
import { openLocalQueues, type Queues } from '../../kernel/queue/index.js';
import { openLocalState, type State } from '../../kernel/state/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import { type ChosenEngines, chooseEngines, type EngineChoice } from './chosen-engines.js';
import type { EngineUse } from './engine-address.js';
import type { Environment } from './engine-credentials.js';
import { type EngineOpeners, type Identified, serverEngines } from './engine-openers.js';
import {
  assertSameEngines,
  type KnownEngines,
  readKnownEngines,
  writeKnownEngines,
} from './known-engines.js';

export interface EnginesOptions {
  /** The gateway's folder: where what is embedded is stored, and what is remembered of the rest. */
  readonly folder: string;
  readonly choice: EngineChoice;
  /** Where credentials are. */
  readonly environment: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a gateway stores things in; its owner closes it. */
export interface Engines {
  readonly state: State;
  readonly queues: Queues;
  readonly blobs: Blobs;
  /** Where each is, and what it calls itself; embedded where it is absent. */
  readonly known: KnownEngines;
  /** What no other process reaches. */
  readonly embedded: readonly EngineUse[];
  close(): Promise<void>;
}

/**
 * Opens the engines of a gateway, each embedded in its folder unless an address is given. What was opened is closed again
 * where a later one cannot be. Throws `input-invalid` for an address, `configuration-invalid` for credentials and for other
 * engines than the folder had before, `folder-in-use`, and what the engines throw.
 */
export async function openEngines(
  options: EnginesOptions,
  openers: EngineOpeners = serverEngines,
): Promise<Engines> {
  const { folder } = options;
  const chosen = chooseEngines(options.choice);
  const before = await readKnownEngines(folder);
  assertSameEngines(folder, before, chosen);
  return openWhole(async (closers) => {
    const { state } = closers.own(await openState(options, chosen, before, openers));
    const queues = closers.own(await openQueues(options, chosen, before, openers));
    const blobs = closers.own(await openBlobs(options, chosen, before, openers));
    const known = {
      ...(chosen.state === undefined ? {} : { state: { ...chosen.state, ...identityOf(state) } }),
      ...(chosen.queue === undefined ? {} : { queue: { ...chosen.queue, ...identityOf(queues) } }),
      ...(chosen.blobs === undefined ? {} : { blobs: { ...chosen.blobs, ...identityOf(blobs) } }),
    } as KnownEngines;
    await writeKnownEngines(folder, known);
    const embedded = (['state', 'queue', 'blobs'] as const).filter((use) => chosen[use] === undefined);
    return { state, queues, blobs, known, embedded, close: closers.close };
  });
}

type Means = Omit<EnginesOptions, 'choice'>;

/** Opens the state alone; whoever calls holds it to what the folder had before. */
export async function openState(
  { folder, environment, clock, logger }: Means,
  chosen: Pick<ChosenEngines, 'state'>,
  before: KnownEngines | undefined,
  openers: EngineOpeners,
): Promise<{ readonly state: State & Partial<Identified>; close(): Promise<void> }> {
  const { state: address } = chosen;
  if (address === undefined) {
    const state = await openLocalState({ folder: join(folder, 'state'), clock, logger });
    return { state, close: () => state.close() };
  }
  // an embedded state has this lock itself: a folder is of one process in any case
  const lock = await lockFolder(join(folder, 'state'));
  return openWhole(async (closers) => {
    closers.push(() => lock.release());
    const expected = before?.state?.identity;
    const state = closers.own(await openers.state(address, { environment, clock, logger, expected }));
    return { state, close: closers.close };
  });
}

async function openQueues(
  { folder, environment, clock, logger }: Means,
  { queue: address }: ChosenEngines,
  before: KnownEngines | undefined,
  openers: EngineOpeners,
): Promise<Queues & Partial<Identified>> {
  if (address === undefined) return openLocalQueues({ folder: join(folder, 'queue'), clock, logger });
  return openers.queues(address, { environment, clock, logger, expected: before?.queue?.identity });
}

async function openBlobs(
  { folder, environment, clock, logger }: Means,
  { blobs: address }: ChosenEngines,
  before: KnownEngines | undefined,
  openers: EngineOpeners,
): Promise<Blobs & Partial<Identified>> {
  if (address === undefined) return openLocalBlobs({ folder: join(folder, 'blobs') });
  return openers.blobs(address, { environment, clock, logger, expected: before?.blobs?.identity });
}

const identityOf = ({ identity }: Partial<Identified>): Partial<Identified> =>
  identity === undefined ? {} : { identity };
