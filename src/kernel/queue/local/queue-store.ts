import { StarlingError } from '../../errors/index.js';
import type { Environment, GroupWriter, WriteStep } from '../../lmdb/index.js';
import { decodeRecord, encodeRecord, type MessageRecord } from './record.js';
import {
  idEndKey,
  idKey,
  messageKey,
  queuePrefix,
  type StoredQueue,
  sequenceOf,
  type Tables,
} from './tables.js';

/** Ids that are forgotten along with a publishing, so that no commit takes long. */
const forgottenPerCommit = 4;

/** A message that is to be stored. */
export interface NewMessage {
  readonly sequence: number;
  readonly record: MessageRecord;
  readonly body: Uint8Array;
  /** Until when its id is remembered, in milliseconds since 1970. */
  readonly idUntil: number;
}

/** What is stored of one queue. Writes resolve when they are on disk, and throw `storage-full` or `storage-failed`. */
export class QueueStore {
  readonly #name: string;
  readonly #environment: Environment<Tables>;
  readonly #writer: GroupWriter;
  readonly #number: number;

  constructor(
    name: string,
    number: number,
    { environment, writer }: { environment: Environment<Tables>; writer: GroupWriter },
  ) {
    this.#name = name;
    this.#number = number;
    this.#environment = environment;
    this.#writer = writer;
  }

  /** Resolves when reads are possible. */
  ready(): Promise<void> {
    return this.#environment.ready();
  }

  /** All messages and dead letters, in the order of their sequence. */
  records(): { sequence: number; record: MessageRecord }[] {
    const range = { start: messageKey(this.#number, 0), end: messageKey(this.#number + 1, 0) };
    return [...this.#environment.tables.records.getRange(range)].map(({ key, value }) => ({
      sequence: sequenceOf(key),
      record: decodeRecord(value),
    }));
  }

  lastSequence(): number {
    return Number(this.#environment.tables.sequences.get(idKey(this.#number)) ?? 0);
  }

  /** Throws `storage-failed` where it is not there. */
  body(sequence: number): Uint8Array {
    const body = this.#environment.tables.bodies.get(messageKey(this.#number, sequence));
    if (body !== undefined) return body;
    throw new StarlingError(
      'storage-failed',
      `The body of message ${sequence} of queue ${this.#name} is not there: the folder is damaged. Restore it from a copy.`,
    );
  }

  /** The message that a remembered id is of. */
  idOf(id: string): { readonly sequence: number; readonly until: number } | undefined {
    const text = this.#environment.tables.ids.get(idKey(this.#number, id));
    if (text === undefined) return undefined;
    const [sequence = 0, until = 0] = JSON.parse(text) as number[];
    return { sequence, until };
  }

  add({ sequence, record, body, idUntil }: NewMessage, wallTime: number): Promise<void> {
    const key = messageKey(this.#number, sequence);
    const text = encodeRecord(record);
    const steps: WriteStep[] = [
      () => this.#tables.records.put(key, text),
      () => this.#tables.bodies.put(key, body),
      () => this.#tables.sequences.put(idKey(this.#number), String(sequence)),
      ...this.#forgottenIds(wallTime),
    ];
    const { id } = record;
    if (id !== undefined) {
      steps.push(
        () => this.#tables.ids.put(idKey(this.#number, id), JSON.stringify([sequence, idUntil])),
        () => this.#tables.idEnds.put(idEndKey(this.#number, idUntil, sequence), id),
      );
    }
    return this.#writer.write(steps, body.length + Buffer.byteLength(text));
  }

  put(sequence: number, record: MessageRecord): Promise<void> {
    const text = encodeRecord(record);
    const step = () => this.#tables.records.put(messageKey(this.#number, sequence), text);
    return this.#writer.write([step], Buffer.byteLength(text));
  }

  remove(sequence: number): Promise<void> {
    const key = messageKey(this.#number, sequence);
    const steps = [() => this.#tables.records.remove(key), () => this.#tables.bodies.remove(key)];
    return this.#writer.write(steps, 0);
  }

  describe(stored: StoredQueue): Promise<void> {
    const key = Buffer.from(`${queuePrefix}${this.#name}`);
    const text = JSON.stringify(stored);
    return this.#writer.write([() => this.#tables.meta.put(key, text)], Buffer.byteLength(text));
  }

  get #tables(): Tables {
    return this.#environment.tables;
  }

  /** An id that was published again meanwhile is remembered by its later message. */
  #forgottenIds(wallTime: number): WriteStep[] {
    const range = {
      start: idEndKey(this.#number, 0, 0),
      end: idEndKey(this.#number, wallTime, 0),
      limit: forgottenPerCommit,
    };
    return [...this.#tables.idEnds.getRange(range)].flatMap(({ key, value: id }): WriteStep[] => {
      const ended = Buffer.from(key);
      const stillOf = this.idOf(id)?.sequence === Number(ended.readBigUInt64BE(12));
      const steps: WriteStep[] = [() => this.#tables.idEnds.remove(ended)];
      if (stillOf) steps.push(() => this.#tables.ids.remove(idKey(this.#number, id)));
      return steps;
    });
  }
}
