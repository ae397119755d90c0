import { StarlingError } from '../../errors/index.js';
import { decodeKey } from '../keys.js';
import type { Change, Entry, Json } from '../state.js';

/** An entry as it is stored: its value stays JSON text until somebody asks for it. */
export interface StoredEntry {
  readonly createRevision: number;
  readonly modRevision: number;
  readonly lease: string | undefined;
  readonly text: string;
}

const deleted = '-';

/** The stored form of an entry: a line `createRevision modRevision lease`, then the value's JSON text. */
export function encodeRecord(entry: StoredEntry): string {
  return `${entry.createRevision} ${entry.modRevision} ${entry.lease ?? ''}\n${entry.text}`;
}

/** Reads what `encodeRecord` wrote. Throws `storage-failed` where it is damaged. */
export function decodeRecord(record: string): StoredEntry {
  const header = /^(\d+) (\d+) (\S*)\n/.exec(record);
  if (header === null) {
    throw new StarlingError(
      'storage-failed',
      'A stored entry is damaged. Restore the state folder from a copy.',
    );
  }
  const [line, createRevision, modRevision, lease] = header;
  return {
    createRevision: Number(createRevision),
    modRevision: Number(modRevision),
    lease: lease === '' ? undefined : lease,
    text: record.slice(line.length),
  };
}

/** The entry that a reader gets. Throws `storage-failed` where its value is damaged. */
export function toEntry(key: string, stored: StoredEntry): Entry {
  const { createRevision, modRevision, lease } = stored;
  return {
    key,
    value: parseValue(key, stored.text),
    createRevision,
    modRevision,
    ...(lease === undefined ? {} : { lease }),
  };
}

/** The key of a change in the log: 8 bytes of revision, then the key, so that the log is in revision and key order. */
export function logKey(revision: number, key?: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(8 + (key?.length ?? 0));
  bytes.writeBigUInt64BE(BigInt(revision), 0);
  if (key !== undefined) bytes.set(key, 8);
  return bytes;
}

/** The revision and the key of a change in the log. */
export function decodeLogKey(bytes: Uint8Array): { revision: number; key: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { revision: Number(view.getBigUint64(0)), key: bytes.subarray(8) };
}

/** The stored form of a change: the entry's, or a mark where the key was deleted. */
export function encodeChange(after: StoredEntry | undefined): string {
  return after === undefined ? deleted : encodeRecord(after);
}

/** The change that a watch delivers. Throws `storage-failed` where it is damaged. */
export function decodeChange(revision: number, keyBytes: Uint8Array, record: string): Change {
  const key = decodeKey(keyBytes);
  if (record === deleted) return { type: 'delete', key, modRevision: revision };
  return { type: 'put', entry: toEntry(key, decodeRecord(record)) };
}

function parseValue(key: string, text: string): Json {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new StarlingError(
      'storage-failed',
      `The stored value of key ${JSON.stringify(key)} is damaged. Restore the state folder from a copy.`,
      { cause: thrown },
    );
  }
}
