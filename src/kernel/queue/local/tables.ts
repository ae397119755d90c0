import type { Database } from 'lmdb';
import { type Root, type StoreFormat, type TextTable, textTable } from '../../lmdb/index.js';
import type { QueueSettings } from '../queue.js';

/** The tables of all queues of a folder. Keys begin with the queue's number. */
export interface Tables {
  /** `format`; and by name, each queue. */
  readonly meta: TextTable;
  /** Queue → the last sequence that was given. */
  readonly sequences: TextTable;
  /** Queue and sequence → record. */
  readonly records: TextTable;
  /** Queue and sequence → body. */
  readonly bodies: Database<Uint8Array, Uint8Array>;
  /** Queue and id → the sequence of its message, and until when the id is remembered. */
  readonly ids: TextTable;
  /** Queue, time and sequence → the id that is forgotten then. */
  readonly idEnds: TextTable;
}

/** A queue as it is stored. */
export interface StoredQueue {
  readonly number: number;
  readonly settings: Required<QueueSettings>;
  readonly paused: boolean;
}

/** How the store of the queues is marked. */
export const queueFormat: StoreFormat = { of: 'queues', name: 'starling-queue', version: 1, table: 'queues' };

/** Begins keys of queues in `meta`. */
export const queuePrefix = 'queue/';

/** Opens the tables, or makes them. */
export function openTables(root: Root): Tables {
  return {
    meta: textTable(root, 'queues'),
    sequences: textTable(root, 'sequences'),
    records: textTable(root, 'records'),
    bodies: root.openDB({ keyEncoding: 'binary', encoding: 'binary', name: 'bodies' }),
    ids: textTable(root, 'ids'),
    idEnds: textTable(root, 'id-ends'),
  };
}

/** Every queue that is stored, by name. */
export function storedQueues(tables: Tables): Map<string, StoredQueue> {
  const range = { start: Buffer.from(queuePrefix), end: Buffer.from('queue0') };
  const found = [...tables.meta.getRange(range)];
  return new Map(
    found.map(({ key, value }) => [
      Buffer.from(key).toString('utf8').slice(queuePrefix.length),
      JSON.parse(value) as StoredQueue,
    ]),
  );
}

/** A key of `records` and `bodies`, ordered by sequence. */
export function messageKey(queue: number, sequence: number): Buffer {
  const key = Buffer.alloc(12);
  key.writeUInt32BE(queue);
  key.writeBigUInt64BE(BigInt(sequence), 4);
  return key;
}

/** The sequence in a `messageKey`. */
export function sequenceOf(key: Uint8Array): number {
  return Number(Buffer.from(key).readBigUInt64BE(4));
}

/** A key of `ids`; without an id, the start of all of the queue's. */
export function idKey(queue: number, id = ''): Buffer {
  const start = Buffer.alloc(4);
  start.writeUInt32BE(queue);
  return Buffer.concat([start, Buffer.from(id)]);
}

/** A key of `idEnds`, ordered by time. */
export function idEndKey(queue: number, until: number, sequence: number): Buffer {
  const key = Buffer.alloc(20);
  key.writeUInt32BE(queue);
  key.writeBigUInt64BE(BigInt(Math.max(0, Math.ceil(until))), 4);
  key.writeBigUInt64BE(BigInt(sequence), 12);
  return key;
}
