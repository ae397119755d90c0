import { Follower } from '../../../kernel/control/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { ChangeBatch, Entry, State } from '../../../kernel/state/index.js';
import type { Catalogue, CatalogueKind } from '../model/index.js';
import { storedObjects, toCatalogue } from './stored-catalogue.js';
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

/** Follows the stored objects and keeps them as one catalogue in memory. */
export class Snapshot {
  readonly #state: State;
  readonly #logger: CatalogueLogger;
  readonly #listeners = new Set<(changes: readonly CatalogueChange[]) => void>();
  #stored = new Map<string, StoredObject>();
  #catalogue: Catalogue = toCatalogue(new Map());
  #follower: Follower | undefined;

  constructor(state: State, logger: CatalogueLogger) {
    this.#state = state;
    this.#logger = logger;
  }

  /** Reads everything and follows what comes; throws what the state throws. */
  async start(): Promise<void> {
    this.#follower = await Follower.start({
      state: this.#state,
      prefix: cataloguePrefix,
      load: (entries, revision) => this.#load(entries, revision),
      apply: (batch) => this.#apply(batch),
      onFailure: (error) =>
        this.#logger.error({ error: error.toRecord() }, 'the catalogue does not follow the state any more'),
    });
  }

  /** Throws where the state cannot be followed any more: an old catalogue would allow what was withdrawn. */
  current(): Catalogue {
    const failure = this.#follower?.failure;
    if (failure !== undefined) throw failure;
    return this.#catalogue;
  }

  /** An object as it is kept, also one that was removed. */
  stored<Kind extends CatalogueKind>(kind: Kind, name: string): StoredObject<Kind> | undefined {
    const isKind = (object: StoredObject): object is StoredObject<Kind> => object.kind === kind;
    const object = this.#stored.get(keyOf(kind, name));
    return object !== undefined && isKind(object) ? object : undefined;
  }

  /** Resolves when the catalogue has everything up to `revision`. */
  async reached(revision: number): Promise<void> {
    await this.#follower?.reached(revision);
  }

  onChange(listener: (changes: readonly CatalogueChange[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#follower?.close();
    this.#listeners.clear();
  }

  async #load(entries: AsyncIterable<Entry>, revision: number): Promise<void> {
    const objects = await storedObjects(entries);
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
    this.#tell(changes);
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
    this.#tell(told);
  }

  #tell(changes: readonly CatalogueChange[]): void {
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
}
