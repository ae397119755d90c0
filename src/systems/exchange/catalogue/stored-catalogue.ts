import { type Entry, listEntries, type State } from '../../../kernel/state/index.js';
import type { ReferableObjects } from '../configuration/index.js';
import type { Catalogue, CatalogueEntry, CatalogueKind, CatalogueValues } from '../model/index.js';
import { cataloguePrefix, parseStored, type StoredObject } from './stored-object.js';

/** Every stored object by its key; with the removed ones. */
export type StoredCatalogue = ReadonlyMap<string, StoredObject>;

/** The objects in entries of the state, by key. */
export async function storedObjects(entries: AsyncIterable<Entry>): Promise<Map<string, StoredObject>> {
  const objects = new Map<string, StoredObject>();
  for await (const entry of entries) objects.set(entry.key, parseStored(entry));
  return objects;
}

/** Reads all objects; what changes meanwhile may or may not be in it. */
export function readStored(state: State): Promise<Map<string, StoredObject>> {
  return storedObjects(listEntries(state, cataloguePrefix));
}

/** Sorted by name, so that every process has the objects in the same order. */
function ofKind<Kind extends CatalogueKind>(stored: StoredCatalogue, kind: Kind): StoredObject<Kind>[] {
  const isKind = (object: StoredObject): object is StoredObject<Kind> => object.kind === kind;
  return [...stored.values()].filter(isKind).sort((one, other) => (one.name < other.name ? -1 : 1));
}

function entries<Kind extends CatalogueKind>(
  stored: StoredCatalogue,
  kind: Kind,
): ReadonlyMap<string, CatalogueEntry<CatalogueValues[Kind]>> {
  const map = new Map<string, CatalogueEntry<CatalogueValues[Kind]>>();
  for (const { name, value, revision, source, version, changedAt } of ofKind(stored, kind)) {
    if (value === undefined) continue;
    map.set(name, { value, revision, source, ...(version === undefined ? {} : { version }), changedAt });
  }
  return map;
}

/** The catalogue that the stored objects make. Kinds that did not change are taken over from `previous`. */
export function toCatalogue(
  stored: StoredCatalogue,
  previous?: Catalogue,
  changed?: ReadonlySet<CatalogueKind>,
): Catalogue {
  const kept = <Kind extends CatalogueKind>(kind: Kind): Catalogue[Kind] | undefined =>
    changed === undefined || changed.has(kind) ? undefined : previous?.[kind];
  return {
    parties: kept('parties') ?? entries(stored, 'parties'),
    dataSets: kept('dataSets') ?? entries(stored, 'dataSets'),
    agreements: kept('agreements') ?? entries(stored, 'agreements'),
    archetypes: kept('archetypes') ?? entries(stored, 'archetypes'),
    steps: kept('steps') ?? entries(stored, 'steps'),
    requestTypes: kept('requestTypes') ?? entries(stored, 'requestTypes'),
  };
}

function values<Kind extends CatalogueKind>(stored: StoredCatalogue, kind: Kind) {
  const map = new Map<string, CatalogueValues[Kind]>();
  for (const { name, value } of ofKind(stored, kind)) if (value !== undefined) map.set(name, value);
  return map;
}

/** The objects that are there, to be held against each other. */
export function toReferable(stored: StoredCatalogue): ReferableObjects {
  return {
    parties: values(stored, 'parties'),
    dataSets: values(stored, 'dataSets'),
    agreements: values(stored, 'agreements'),
    archetypes: values(stored, 'archetypes'),
    steps: values(stored, 'steps'),
    requestTypes: values(stored, 'requestTypes'),
  };
}
