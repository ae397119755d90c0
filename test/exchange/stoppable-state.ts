import type { ChangeBatch, Lease, State } from '../../src/kernel/state/index.js';

/** A process's view of a state that is shared: while the process is stopped, nothing that it asks or hears gets through. */
export interface StoppableState {
  readonly state: State;
  /** As SIGSTOP does, or a network that is cut. */
  stop(): void;
  /** What was asked meanwhile gets through, as if it were asked now. */
  goOn(): void;
}

/** The shared state, for one of the processes that share it. Its owner closes that. */
export function stoppable(shared: State): StoppableState {
  let goOn: () => void = () => undefined;
  let through: Promise<void> = Promise.resolve();
  const lease = (real: Lease): Lease => ({
    id: real.id,
    ttlMs: real.ttlMs,
    keepAlive: () => through.then(() => real.keepAlive()),
    revoke: () => through.then(() => real.revoke()),
  });
  async function* heard(batches: AsyncIterable<ChangeBatch>): AsyncGenerator<ChangeBatch> {
    for await (const batch of batches) {
      await through;
      yield batch;
    }
  }
  return {
    stop: () => {
      through = new Promise((resolve) => {
        goOn = resolve;
      });
    },
    goOn: () => goOn(),
    state: {
      get: (key) => through.then(() => shared.get(key)),
      list: (prefix, options) => through.then(() => shared.list(prefix, options)),
      put: (key, value, options) => through.then(() => shared.put(key, value, options)),
      delete: (key, options) => through.then(() => shared.delete(key, options)),
      transaction: (transaction) => through.then(() => shared.transaction(transaction)),
      watch: (prefix, options) => heard(shared.watch(prefix, options)),
      lease: async (ttlMs) => through.then(async () => lease(await shared.lease(ttlMs))),
      resumeLease: async (id) => through.then(async () => lease(await shared.resumeLease(id))),
      compact: (revision) => through.then(() => shared.compact(revision)),
      status: () => through.then(() => shared.status()),
      close: async () => undefined,
    },
  };
}
