import type { Operation, Transaction } from '../../../src/kernel/state/index.js';
import { type Random, whole } from '../../lab/seeded.js';
import type { StoreAsked } from './store-model.js';

/** What a client knows when it decides what to ask next. */
export interface Knowledge {
  /** The keys that are being used now. */
  readonly keys: readonly string[];
  /** The revision of a key as this client saw it last; 0 where it saw none. */
  revisionOf(key: string): number;
  /** A value that is written nowhere else. */
  newValue(): string;
}

/** The next call of a client: reads, writes, and writes that depend on what it saw, which may have changed since. */
export function nextCall(random: Random, knowledge: Knowledge): StoreAsked {
  const { keys, revisionOf } = knowledge;
  const kind = random();
  const key = keys[whole(random, 0, keys.length)] ?? '';
  const change = (): Operation =>
    random() < 0.8 ? { put: key, value: knowledge.newValue() } : { delete: key };
  if (kind < 0.25) return { read: [key] };
  if (kind < 0.4) return { read: keys };
  if (kind < 0.6) return { write: { compare: [], success: [change()] } };
  if (kind < 0.8) return { write: { compare: [{ key, modRevision: revisionOf(key) }], success: [change()] } };
  return { write: wider(random, knowledge, key) };
}

/** Several keys at once, and something else where they are not as expected. */
function wider(random: Random, { keys, revisionOf, newValue }: Knowledge, key: string): Transaction {
  const others = keys.filter((other) => other !== key);
  const other = others[whole(random, 0, others.length)] ?? key;
  return {
    compare: [random() < 0.5 ? { key, exists: random() < 0.7 } : { key, modRevision: revisionOf(key) }],
    success: [
      { put: key, value: newValue() },
      random() < 0.7 ? { put: other, value: newValue() } : { delete: other },
    ],
    ...(random() < 0.5 ? { failure: [{ put: other, value: newValue() }] } : {}),
  };
}
