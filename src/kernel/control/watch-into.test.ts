import { afterEach, describe, expect, it } from 'vitest';
import { StarlingError } from '../errors/index.js';
import type { ChangeBatch, Entry, State, WatchOptions } from '../state/state.js';
import { watchInto } from './watch-into.js';

/** The listing and watching half of a state store, in memory, with pages of two keys. */
class MemoryStore implements Pick<State, 'list' | 'watch'> {
  readonly #entries = new Map<string, Entry>();
  readonly #history: ChangeBatch[] = [];
  readonly #wake = new Set<() => void>();
  #oldest = 1;
  #closed = false;
  watches = 0;

  put(key: string) {
    const revision = this.#history.length + 1;
    const entry = { key, value: null, createRevision: revision, modRevision: revision };
    this.#entries.set(key, entry);
    this.#write({ revision, changes: [{ type: 'put', entry }] });
  }

  delete(key: string) {
    const revision = this.#history.length + 1;
    this.#entries.delete(key);
    this.#write({ revision, changes: [{ type: 'delete', key, modRevision: revision }] });
  }

  /** Forgets all history, so that a watch that has not read it yet is told so. */
  compact() {
    this.#oldest = this.#history.length + 1;
  }

  close() {
    this.#closed = true;
    this.#wakeAll();
  }

  async list(prefix: string, options: { after?: string } = {}) {
    const revision = this.#history.length;
    const keys = [...this.#entries.keys()].filter((key) => key.startsWith(prefix)).sort();
    const left = keys.filter((key) => key > (options.after ?? ''));
    const entries = left.slice(0, 2).flatMap((key) => this.#entries.get(key) ?? []);
    const last = entries.at(-1)?.key;
    return { entries, revision, ...(left.length > 2 && last !== undefined ? { next: last } : {}) };
  }

  async *watch(_prefix: string, { fromRevision = 1, signal }: WatchOptions = {}) {
    this.watches += 1;
    const wake = () => this.#wakeAll();
    signal?.addEventListener('abort', wake);
    try {
      for (let next = fromRevision; ; ) {
        if (signal?.aborted || this.#closed) return;
        if (next < this.#oldest) throw new StarlingError('history-compacted', 'It is gone.');
        const batch = this.#history[next - 1];
        if (batch === undefined) await new Promise<void>((resolve) => this.#wake.add(resolve));
        else {
          next += 1;
          yield batch;
        }
      }
    } finally {
      signal?.removeEventListener('abort', wake);
    }
  }

  #write(batch: ChangeBatch) {
    this.#history.push(batch);
    this.#wakeAll();
  }

  #wakeAll() {
    for (const resolve of this.#wake) resolve();
    this.#wake.clear();
  }
}

/** Notes what is enqueued, and lets a test wait until so much was. */
class Notes {
  readonly keys: string[] = [];
  #waiting: (() => void)[] = [];

  enqueue(key: string) {
    this.keys.push(key);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async first(count: number): Promise<string[]> {
    while (this.keys.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.keys.slice(0, count);
  }
}

const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

function watch(store: MemoryStore, keyOf = (key: string): string | undefined => key) {
  const stop = new AbortController();
  stops.push(stop);
  const notes = new Notes();
  return { notes, stop, ended: watchInto(notes, store, 'jobs/', keyOf, stop.signal) };
}

describe('watchInto', () => {
  it('enqueues what is there on every page, then what is written and deleted', async () => {
    const store = new MemoryStore();
    for (const key of ['jobs/1', 'jobs/2', 'jobs/3']) store.put(key);
    const { notes, stop, ended } = watch(store);
    expect(await notes.first(3)).toEqual(['jobs/1', 'jobs/2', 'jobs/3']);
    store.put('jobs/4');
    store.delete('jobs/1');
    expect((await notes.first(5)).slice(3)).toEqual(['jobs/4', 'jobs/1']);
    stop.abort();
    await ended;
  });

  it('lists again where history was compacted, and enqueues what vanished unseen', async () => {
    const store = new MemoryStore();
    store.put('jobs/1');
    store.put('jobs/2');
    const { notes, stop, ended } = watch(store);
    await notes.first(2);
    // All in one turn, so that the watch cannot read the delete before it is forgotten.
    store.delete('jobs/1');
    store.put('jobs/3');
    store.compact();
    expect((await notes.first(5)).slice(2).sort()).toEqual(['jobs/1', 'jobs/2', 'jobs/3']);
    store.put('jobs/4');
    expect((await notes.first(6))[5]).toBe('jobs/4');
    expect(store.watches).toBe(2);
    stop.abort();
    await ended;
  });

  it('maps keys of the store to keys of the controller, and leaves out what is not of interest', async () => {
    const store = new MemoryStore();
    store.put('jobs/1/run');
    store.put('jobs/ignored');
    store.put('jobs/2/run');
    const { notes } = watch(store, (key) => /^jobs\/(\d+)\//.exec(key)?.[1]);
    expect(await notes.first(2)).toEqual(['1', '2']);
  });

  it('rejects where the store ends the watch by itself', async () => {
    const store = new MemoryStore();
    store.put('jobs/1');
    const { notes, ended } = watch(store);
    await notes.first(1);
    store.close();
    await expect(ended).rejects.toMatchObject({ code: 'shutting-down' });
  });

  it('does nothing where its signal was aborted before', async () => {
    const notes = new Notes();
    await watchInto(notes, new MemoryStore(), 'jobs/', (key) => key, AbortSignal.abort());
    expect(notes.keys).toEqual([]);
  });
});
