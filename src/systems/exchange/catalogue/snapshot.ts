import { StarlingError } from '../../../kernel/errors/index.js';
import type { ChangeBatch, State } from '../../../kernel/state/index.js';
import type { Catalogue, CatalogueKind } from '../model/index.js';
import { readStored, toCatalogue } from './stored-catalogue.js';
import { cataloguePrefix, keyOf, parseKey, parseStored, type StoredObject } from './stored-object.js';

/** One object that changed; `removed` where it is not there any more. */
export interface CatalogueChange {
  readonly kind: CatalogueKind;
  readonly name: string;
  readonly removed: boolean;
  /** The revision of the state store that changed it. */
  readonly revision: number;
}

/** Hears of failures that no caller waits for. */
export interface CatalogueLogger {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

interface Waiting {
  readonly revision: number;
  readonly resolve: () => void;
  readonly reject: (error: StarlingError) => void;
}

/** Follows the stored objects and keeps them as one catalogue in memory. */
export class Snapshot {
  readonly #state: State;
  readonly #logger: CatalogueLogger;
  readonly #abort = new AbortController();
  readonly #listeners = new Set<(changes: readonly CatalogueChange[]) => void>();
  #stored = new Map<string, StoredObject>();
  #catalogue: Catalogue = toCatalogue(new Map());
  #revision = 0;
  #failure: StarlingError | undefined;
  #waiting: Waiting[] = [];
  #following: Promise<void> = Promise.resolve();

  constructor(state: State, logger: CatalogueLogger) {
    this.#state = state;
    this.#logger = logger;
  }

  /** Reads everything and follows what comes; throws what the state throws. */
  async start(): Promise<void> {
    await this.#load();
    this.#following = this.#follow();
  }

  /** Throws where the state cannot be followed any more: an old catalogue would allow what was withdrawn. */
  current(): Catalogue {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#catalogue;
  }

  /** An object as it is kept, also one that was removed. */
  stored<Kind extends CatalogueKind>(kind: Kind, name: string): StoredObject<Kind> | undefined {
    const isKind = (object: StoredObject): object is StoredObject<Kind> => object.kind === kind;
    const object = this.#stored.get(keyOf(kind, name));
    return object !== undefined && isKind(object) ? object : undefined;
  }

  /** Resolves when the catalogue has everything up to `revision`. */
  reached(revision: number): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (revision <= this.#revision) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ revision, resolve, reject }));
  }

  onChange(listener: (changes: readonly CatalogueChange[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#following;
    this.#listeners.clear();
    this.#rejectWaiting(
      new StarlingError('shutting-down', 'The catalogue is closed. Ask again after a restart.'),
    );
  }

  async #load(): Promise<void> {
    const { objects, revision } = await readStored(this.#state);
    const before = this.#stored;
    const changes: CatalogueChange[] = [];
    for (const [key, { kind, name, value, revision: at }] of objects) {
      if (before.get(key)?.revision === at) continue;
      changes.push({ kind, name, removed: value === undefined, revision: at });
    }
    for (const [key, { kind, name }] of before) {
      if (!objects.has(key)) changes.push({ kind, name, removed: true, revision });
    }
    this.#stored = objects;
    this.#catalogue = toCatalogue(objects);
    this.#advance(revision, changes);
  }

  async #follow(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      try {
        const watched = this.#state.watch(cataloguePrefix, { fromRevision: this.#revision + 1, signal });
        for await (const batch of watched) this.#apply(batch);
        if (!signal.aborted) this.#fail(new StarlingError('shutting-down', 'The state store was closed.'));
        return;
      } catch (thrown) {
        const error = StarlingError.from(thrown, 'storage-failed', 'The catalogue could not be followed');
        if (error.code !== 'history-compacted' || !(await this.#reload())) {
          this.#fail(error);
          return;
        }
      }
    }
  }

  async #reload(): Promise<boolean> {
    try {
      await this.#load();
      return true;
    } catch (thrown) {
      const error = StarlingError.from(thrown);
      this.#logger.error({ error: error.toRecord() }, 'the catalogue could not be read again');
      return false;
    }
  }

  #apply({ revision, changes }: ChangeBatch): void {
    const told: CatalogueChange[] = [];
    for (const change of changes) {
      const key = change.type === 'put' ? change.entry.key : change.key;
      const { kind, name } = parseKey(key);
      // The first reading takes several pages, and a later page may have this change already.
      if ((this.#stored.get(key)?.revision ?? 0) >= revision) continue;
      const object = change.type === 'put' ? parseStored(change.entry) : undefined;
      if (object === undefined) this.#stored.delete(key);
      else this.#stored.set(key, object);
      told.push({ kind, name, removed: object?.value === undefined, revision });
    }
    const kinds = new Set(told.map(({ kind }) => kind));
    if (kinds.size > 0) this.#catalogue = toCatalogue(this.#stored, this.#catalogue, kinds);
    this.#advance(revision, told);
  }

  #advance(revision: number, changes: readonly CatalogueChange[]): void {
    this.#revision = Math.max(this.#revision, revision);
    const ready = this.#waiting.filter((waiting) => waiting.revision <= this.#revision);
    this.#waiting = this.#waiting.filter((waiting) => waiting.revision > this.#revision);
    for (const { resolve } of ready) resolve();
    if (changes.length === 0) return;
    for (const listener of this.#listeners) {
      try {
        listener(changes);
      } catch (thrown) {
        const error = StarlingError.from(thrown, 'internal', 'A listener failed');
        this.#logger.error({ error: error.toRecord() }, 'a listener of the catalogue failed');
      }
    }
  }

  #fail(error: StarlingError): void {
    this.#failure = error;
    this.#logger.error({ error: error.toRecord() }, 'the catalogue does not follow the state any more');
    this.#rejectWaiting(error);
  }

  #rejectWaiting(error: StarlingError): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(error);
  }
}
