import type { TextTable, WriteStep } from '../../lmdb/index.js';
import { encodeKey } from '../keys.js';
import type { DraftChange, Head } from './draft.js';
import { putHead } from './format.js';
import { decodeRecord, encodeChange, encodeRecord, logKey, type StoredEntry } from './records.js';

/** The tables of a store. All keys are bytes, all values text. */
export interface Tables {
  /** `format` and `head`. */
  readonly meta: TextTable;
  /** Key → record. */
  readonly entries: TextTable;
  /** Revision and key → change; see `logKey`. */
  readonly log: TextTable;
  /** Lease id → its time in milliseconds. */
  readonly leases: TextTable;
  /** Lease id and key, for each key that is tied to a lease; ids have one length, which keeps the two apart. */
  readonly leaseKeys: TextTable;
}

/** What is written at once: all of it, or nothing. */
export interface Commit {
  readonly head: Head;
  readonly changes: readonly DraftChange[];
  /** The last state of each changed key. */
  readonly entries: ReadonlyMap<string, StoredEntry | undefined>;
  readonly granted: ReadonlyMap<string, number>;
  readonly ended: ReadonlySet<string>;
}

// History that is forgotten is removed along with writes, in parts, so that no commit takes long.
const forgottenPerCommit = 256;

/** The writes that make up a commit, in order, each a single put or remove; and the bytes of all values together. */
export function commitSteps(tables: Tables, commit: Commit): { steps: WriteStep[]; bytes: number } {
  const steps: WriteStep[] = [];
  let bytes = 0;
  const put = (table: TextTable, key: Uint8Array, value: string) => {
    bytes += Buffer.byteLength(value);
    steps.push(() => table.put(key, value));
  };
  const remove = (table: TextTable, key: Uint8Array) => steps.push(() => table.remove(key));

  for (const [key, after] of commit.entries) {
    const encoded = encodeKey(key);
    const record = tables.entries.get(encoded);
    const before = record === undefined ? undefined : decodeRecord(record);
    if (before?.lease !== after?.lease) {
      if (before?.lease !== undefined) remove(tables.leaseKeys, leaseKey(before.lease, encoded));
      if (after?.lease !== undefined) put(tables.leaseKeys, leaseKey(after.lease, encoded), '1');
    }
    if (after !== undefined) put(tables.entries, encoded, encodeRecord(after));
    else if (before !== undefined) remove(tables.entries, encoded);
  }
  for (const { revision, key, after } of commit.changes) {
    put(tables.log, logKey(revision, encodeKey(key)), encodeChange(after));
  }
  for (const [lease, ttlMs] of commit.granted) put(tables.leases, Buffer.from(lease), String(ttlMs));
  for (const lease of commit.ended) remove(tables.leases, Buffer.from(lease));
  for (const key of forgotten(tables.log, commit)) remove(tables.log, key);
  steps.push(() => putHead(tables.meta, commit.head));
  return { steps, bytes };
}

/** At least as many as the commit adds, so that the log does not grow beyond the history that is kept. */
function forgotten(log: TextTable, commit: Commit): Uint8Array[] {
  const limit = Math.max(forgottenPerCommit, 2 * commit.changes.length);
  return [...log.getKeys({ start: Buffer.alloc(1), end: logKey(commit.head.oldest), limit })];
}

function leaseKey(lease: string, key: Buffer): Buffer {
  return Buffer.concat([Buffer.from(lease), key]);
}
