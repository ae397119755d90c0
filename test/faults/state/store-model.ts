import type { Comparison, Entry, Operation, Transaction } from '../../../src/kernel/state/index.js';
import type { Call } from '../../lab/calls.js';
import type { Model } from '../../lab/linearizable.js';

/** What a client asks of the store: to see some keys at one revision, or to write. */
export type StoreAsked = { readonly read: readonly string[] } | { readonly write: Transaction };

/** A key as a client saw it. Every value is written once in a run, so that it tells of its write. */
export interface SeenEntry {
  readonly key: string;
  readonly value: string;
  readonly createRevision: number;
  readonly modRevision: number;
}

/** An entry without its lease, which has no part in the model. */
export function seenOf({ key, value, createRevision, modRevision }: Entry): SeenEntry {
  return { key, value: String(value), createRevision, modRevision };
}

export type StoreAnswer =
  /** Without the revision of the store where one key was read by itself. */
  | { readonly entries: readonly SeenEntry[]; readonly revision?: number }
  /** Without the revision where a conflict was all that was said. */
  | { readonly succeeded: boolean; readonly revision?: number };

export type StoreCall = Call<StoreAsked, StoreAnswer>;

/** A key that is there. Revisions are not known of a write whose outcome is not, and which nobody saw. */
interface Held {
  readonly value: string;
  readonly createRevision: number | undefined;
  readonly modRevision: number | undefined;
}

/** Some keys, and a revision that the store has at least. */
interface Store {
  readonly keys: ReadonlyMap<string, Held>;
  readonly revision: number;
}

/** The revision of each value's write, as anybody saw it. */
export type SeenRevisions = ReadonlyMap<string, number>;

/** Some keys of a store, as the port promises them; `seen` tells the revisions of writes whose own answer was lost. */
export function storeModel(seen: SeenRevisions): Model<Store, StoreAsked, StoreAnswer> {
  return {
    initial: { keys: new Map(), revision: 0 },
    next(store, asked, answer) {
      if ('read' in asked) return read(store, asked.read, answer);
      return write(store, asked.write, answer, seen);
    },
    keyOf: ({ keys, revision }) =>
      `${revision}${[...keys].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, { value }]) => ` ${key}=${value}`)}`,
  };
}

function read(store: Store, keys: readonly string[], answer: StoreAnswer | undefined): Store | undefined {
  if (answer === undefined) return store;
  if (!('entries' in answer) || (answer.revision ?? store.revision) < store.revision) return undefined;
  const seen = new Map(answer.entries.map((entry) => [entry.key, entry]));
  for (const key of keys) if (!isSame(store.keys.get(key), seen.get(key))) return undefined;
  return { ...store, revision: answer.revision ?? store.revision };
}

function isSame(held: Held | undefined, seen: SeenEntry | undefined): boolean {
  if (held === undefined || seen === undefined) return held === seen;
  if (held.value !== seen.value || (held.modRevision ?? seen.modRevision) !== seen.modRevision) return false;
  return (held.createRevision ?? seen.createRevision) === seen.createRevision;
}

function write(
  store: Store,
  { compare, success, failure = [] }: Transaction,
  answer: StoreAnswer | undefined,
  seen: SeenRevisions,
): Store | undefined {
  const succeeded = compare.every((comparison) => holds(store, comparison));
  const effects = (succeeded ? success : failure).filter(
    (operation) => 'put' in operation || store.keys.has(operation.delete),
  );
  if (answer === undefined) {
    if (effects.length === 0) return store;
    const revision = seenRevision(effects, seen);
    if (revision === undefined) return { ...store, keys: after(store.keys, effects, undefined) };
    return revision > store.revision ? { keys: after(store.keys, effects, revision), revision } : undefined;
  }
  if (!('succeeded' in answer) || answer.succeeded !== succeeded) return undefined;
  const { revision = store.revision } = answer;
  if (effects.length === 0) return revision < store.revision ? undefined : { ...store, revision };
  return revision > store.revision ? { keys: after(store.keys, effects, revision), revision } : undefined;
}

/** The revision of a write, where anybody saw a value of it. */
function seenRevision(effects: readonly Operation[], seen: SeenRevisions): number | undefined {
  for (const effect of effects) {
    const revision = 'put' in effect ? seen.get(String(effect.value)) : undefined;
    if (revision !== undefined) return revision;
  }
  return undefined;
}

function holds({ keys }: Store, comparison: Comparison): boolean {
  const held = keys.get(comparison.key);
  if ('exists' in comparison) return comparison.exists === (held !== undefined);
  return comparison.modRevision === (held === undefined ? 0 : held.modRevision);
}

function after(
  keys: Store['keys'],
  effects: readonly Operation[],
  revision: number | undefined,
): Store['keys'] {
  const written = new Map(keys);
  for (const operation of effects) {
    if ('delete' in operation) {
      written.delete(operation.delete);
      continue;
    }
    const value = String(operation.value);
    const before = keys.get(operation.put);
    const createRevision = before === undefined ? revision : before.createRevision;
    written.set(operation.put, { value, modRevision: revision, createRevision });
  }
  return written;
}
