import type { ChangeBatch, Entry, State } from '../state.js';

/** What an engine must bring to be tested. */
export interface StateHarness {
  /** Opens a new, empty store. */
  open(): Promise<State>;
  /** Closes a store and opens it again, as after a stop of its process. */
  reopen(state: State): Promise<State>;
  /** Closes a store, if it is open still, and removes what it left. */
  dispose(state: State): Promise<void>;
  /**
   * Moves the time of the engine's leases on; left out where only real time does. No test sleeps: it waits for the
   * change that the passing of time makes.
   */
  readonly advance?: (ms: number) => void;
  readonly capabilities: StateCapabilities;
}

/** Where engines may differ. */
export interface StateCapabilities {
  /** A time for leases that the engine can count well, in milliseconds; tests use one to five times as much. */
  readonly leaseMs: number;
  /** Whether history is forgotten only on request: then a first revision can be watched from after many writes. */
  readonly keepsHistory: boolean;
  /** Whether writes that are asked for without waiting for one another are done in the order of the calls. */
  readonly keepsCallOrder: boolean;
}

/** Runs a test on a fresh store and disposes of it. */
export function withState(
  harness: StateHarness,
  test: (state: State) => Promise<unknown>,
): () => Promise<void> {
  return async () => {
    const state = await harness.open();
    try {
      await test(state);
    } finally {
      await harness.dispose(state);
    }
  };
}

/** The next `count` batches of a watch; fewer where it ends before. */
export async function take(watch: AsyncIterable<ChangeBatch>, count: number): Promise<ChangeBatch[]> {
  const batches: ChangeBatch[] = [];
  if (count === 0) return batches;
  for await (const batch of watch) {
    batches.push(batch);
    if (batches.length === count) break;
  }
  return batches;
}

/** Reads a watch until a batch deletes the key. */
export async function untilDeleted(watch: AsyncIterable<ChangeBatch>, key: string): Promise<ChangeBatch> {
  for await (const batch of watch) {
    if (batch.changes.some((change) => change.type === 'delete' && change.key === key)) return batch;
  }
  throw new Error(`the watch ended before ${key} was deleted`);
}

/** All entries under a prefix. */
export async function entriesOf(state: State, prefix = ''): Promise<readonly Entry[]> {
  return (await state.list(prefix)).entries;
}

/** Keys of entries, in their order. */
export function keysOf(entries: readonly Entry[]): string[] {
  return entries.map(({ key }) => key);
}
