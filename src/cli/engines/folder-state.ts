import { join } from 'node:path';
import { systemClock } from '../../kernel/clock/index.js';
import { openStateReader, type State, type StateReader } from '../../kernel/state/index.js';
import { createLogger } from '../../kernel/telemetry/index.js';
import { type EngineOpeners, serverEngines } from './engine-openers.js';
import { openState } from './engines.js';
import { readKnownEngines } from './known-engines.js';

/** A state with what it takes to close it. */
export interface OpenedState<Kind = State> {
  readonly state: Kind;
  close(): Promise<void>;
}

/**
 * The state of a folder that no process has, embedded or where it was last: for what is done while a gateway or an agent is
 * stopped. Throws `folder-in-use` where a process has it, and what the engine throws.
 */
export async function openFolderState(
  folder: string,
  openers: EngineOpeners = serverEngines,
): Promise<OpenedState> {
  const known = await readKnownEngines(folder);
  const { means, end } = commandMeans();
  try {
    const opened = await openState({ folder, ...means }, known ?? {}, known, openers);
    return closedWith(opened.state, opened.close, end);
  } catch (error) {
    await end();
    throw error;
  }
}

/** The state of a folder to be read, also while a process has it. Throws `not-found` where there is none, and what the engine throws. */
export async function openFolderReader(
  folder: string,
  openers: EngineOpeners = serverEngines,
): Promise<OpenedState<StateReader>> {
  const known = await readKnownEngines(folder);
  if (known?.state === undefined) {
    const state = await openStateReader(join(folder, 'state'));
    return { state, close: () => state.close() };
  }
  const { means, end } = commandMeans();
  try {
    const state = await openers.state(known.state, { ...means, expected: known.state.identity });
    return closedWith(state, () => state.close(), end);
  } catch (error) {
    await end();
    throw error;
  }
}

/** What a command opens an engine with; what an engine warns of goes to standard error. */
function commandMeans() {
  const { logger, close } = createLogger({
    ...{ service: 'starling', instance: String(process.pid), level: 'error', destination: 2 },
  });
  return { means: { environment: process.env, clock: systemClock, logger }, end: close };
}

function closedWith<Kind>(state: Kind, ...closers: readonly (() => Promise<void>)[]): OpenedState<Kind> {
  return {
    state,
    close: async () => {
      for (const close of closers) await close();
    },
  };
}
