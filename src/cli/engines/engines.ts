import { join } from 'node:path';
import { type Blobs, openLocalBlobs } from '../../kernel/blobs/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { openLocalQueues, type Queues } from '../../kernel/queue/index.js';
import { openLocalState, type State } from '../../kernel/state/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';

export interface EnginesOptions {
  /** Where what is embedded is stored. */
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a gateway stores things in; its owner closes it. */
export interface Engines {
  readonly state: State;
  readonly queues: Queues;
  readonly blobs: Blobs;
  close(): Promise<void>;
}

/** Opens the engines of a gateway. What was opened is closed again where a later one cannot be. */
export async function openEngines(options: EnginesOptions): Promise<Engines> {
  const { folder, clock, logger } = options;
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const state = await openLocalState({ folder: join(folder, 'state'), clock, logger });
    closers.push(() => state.close());
    const queues = await openLocalQueues({ folder: join(folder, 'queue'), clock, logger });
    closers.push(() => queues.close());
    const blobs = await openLocalBlobs({ folder: join(folder, 'blobs') });
    closers.push(() => blobs.close());
    return { state, queues, blobs, close };
  } catch (error) {
    await close();
    throw error;
  }
}
