import { randomUUID } from 'node:crypto';
import type { Blobs } from '../../../kernel/blobs/index.js';
import type { Clock, Timer } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { State } from '../../../kernel/state/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import { pieceOwner } from '../blob-owners.js';
import type { Held, InHand } from '../in-hand/index.js';
import { cutOff, mayBeRecorded } from '../store/index.js';
import type { Task } from '../task/index.js';
import type { Upload, Uploaded } from '../tasks-api.js';
import { Pieces } from './pieces.js';
import type { AnnouncedUpload, Resumable, ResumableUpload, UploadQuery } from './resumable.js';
import { type UploadRecord, UploadRecords } from './upload-records.js';

/** Bytes of a piece: what a connection that breaks loses at most, unless its end is noticed at once. */
const pieceBytes = 8 * 1_048_576;
/** How long an upload may take in all, in milliseconds, and how often those that took longer are looked for. */
const lifeMs = 24 * 3_600_000;
const lookMs = 3_600_000;

export interface ResumableParts {
  readonly state: State;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'error'>;
  readonly inHand: Pick<InHand, 'held'>;
  readonly maxUploadBytes: number;
  /** Makes a task of a file; the same one where it was made before. */
  readonly upload: (upload: Upload) => Promise<Uploaded>;
}

/** Uploads that go on where they broke off, at any gateway. */
export class ResumableUploads implements Resumable {
  readonly #parts: ResumableParts;
  readonly #records: UploadRecords;
  #timer: Timer;
  #looking = Promise.resolve();
  #isClosed = false;

  constructor(parts: ResumableParts) {
    this.#parts = parts;
    this.#records = new UploadRecords(parts.state, parts.clock);
    this.#timer = parts.clock.timer(lookMs, () => this.#look());
  }

  async create(announced: AnnouncedUpload): Promise<ResumableUpload> {
    const { clock, maxUploadBytes } = this.#parts;
    const { size, name } = announced;
    if (size === 0)
      throw new StarlingError(
        'input-invalid',
        `The file ${JSON.stringify(name)} is empty. Upload one with content.`,
      );
    if (size > maxUploadBytes)
      throw new StarlingError(
        'input-too-large',
        `The file has ${size} bytes, and ${maxUploadBytes} are allowed. Send a smaller one.`,
        { details: { maxBytes: maxUploadBytes } },
      );
    const id = randomUUID();
    const record: UploadRecord = {
      ...announced,
      id,
      offset: 0,
      expiresAt: clock.wallTime() + lifeMs,
      pieces: [],
    };
    await this.#records.write(record, 0);
    return view(record);
  }

  async list({ batch, user, after = '', limit }: UploadQuery) {
    const { clock } = this.#parts;
    const uploads: ResumableUpload[] = [];
    for await (const { record } of this.#records.all()) {
      if (record.task !== undefined || record.expiresAt <= clock.wallTime() || record.id <= after) continue;
      if ((batch ?? record.batch) !== record.batch || (user ?? record.user) !== record.user) continue;
      const last = uploads.at(-1);
      if (uploads.length === limit && last !== undefined) return { uploads, next: last.id };
      uploads.push(view(record));
    }
    return { uploads };
  }

  async get(id: string): Promise<ResumableUpload> {
    const { record } = await this.#records.read(id);
    return view(record.offset === record.size ? await this.#finish(record) : record);
  }

  async append(id: string, offset: number, source: AsyncIterable<Uint8Array>): Promise<ResumableUpload> {
    const { blobs, inHand } = this.#parts;
    let { record } = await this.#records.read(id);
    if (record.offset !== offset) throw wrongOffset(record, offset);
    const pieces = new Pieces(source);
    while (record.offset < record.size && !pieces.hasEnded) {
      const held = await inHand.held();
      const owner = pieceOwner(id, held.lease, randomUUID());
      const most = Math.min(pieceBytes, record.size - record.offset);
      const { hash, bytes } = await blobs.write(pieces.next(most), { owner });
      try {
        if (bytes > 0) record = await this.#add(record, { hash, owner }, bytes, held);
        else await blobs.release(hash, owner);
      } catch (thrown) {
        if (mayBeRecorded(thrown)) held.leave();
        else await blobs.release(hash, owner);
        throw thrown;
      }
    }
    if (record.offset < record.size) pieces.assertWhole();
    return view(record.offset === record.size ? await this.#finish(record) : record);
  }

  async remove(id: string): Promise<void> {
    const kept = await this.#records.read(id);
    await this.#records.remove(kept);
    await this.#release(kept.record);
  }

  /** Whether pieces of the upload may be needed. */
  async isKnown(id: string): Promise<boolean> {
    return (await this.#records.find(id)) !== undefined;
  }

  /** Whether the upload has the piece of that owner, which nobody is handing in any more. */
  async needs(id: string, owner: string): Promise<boolean> {
    const kept = await this.#records.find(id);
    return kept?.record.pieces.some((piece) => piece.owner === owner) === true;
  }

  /** Finishes what is being removed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer.cancel();
    await this.#looking;
  }

  /** Removes those that took too long. */
  async removeExpired(): Promise<void> {
    for await (const kept of this.#records.all()) {
      if (kept.record.expiresAt > this.#parts.clock.wallTime()) continue;
      try {
        await this.#records.remove(kept);
        await this.#release(kept.record);
      } catch (thrown) {
        // it came to its end meanwhile, or another process removes it
        if (StarlingError.from(thrown).code !== 'revision-conflict') throw thrown;
      }
    }
  }

  /** One look at a time, and the next one an hour after it. */
  #look(): void {
    const { clock, logger } = this.#parts;
    this.#looking = this.removeExpired()
      .catch((error: unknown) =>
        logger.error({ err: error }, 'uploads that took too long could not be removed'),
      )
      .then(() => {
        if (!this.#isClosed) this.#timer = clock.timer(lookMs, () => this.#look());
      });
  }

  async #add(
    { id, offset }: UploadRecord,
    piece: UploadRecord['pieces'][number],
    bytes: number,
    { presence }: Held,
  ): Promise<UploadRecord> {
    const { record, revision } = await this.#records.read(id);
    if (record.offset !== offset) throw wrongOffset(record, offset);
    const longer = { ...record, offset: offset + bytes, pieces: [...record.pieces, piece] };
    if (await this.#records.writeWhilePresent(longer, revision, presence)) return longer;
    const { record: now } = await this.#records.read(id);
    throw now.offset === offset ? cutOff() : wrongOffset(now, offset);
  }

  /** Makes the task, which its batch and name make one of; then its pieces are not needed any more. */
  async #finish(whole: UploadRecord): Promise<UploadRecord> {
    if (whole.task !== undefined) return whole;
    const task = await this.#taskOf(whole);
    const { record, revision } = await this.#records.read(whole.id);
    if (record.task !== undefined) return record;
    const done = { ...record, task: task.id, pieces: [] };
    await this.#records.write(done, revision);
    await this.#release(record);
    return done;
  }

  async #taskOf(whole: UploadRecord): Promise<Task> {
    const { name, batch, filter, mediaType, user, sha256, id } = whole;
    const source = this.#bytesOf(whole);
    const said = { ...(user === undefined ? {} : { user }), ...(sha256 === undefined ? {} : { sha256 }) };
    try {
      return (await this.#parts.upload({ name, batch, filter, mediaType, source, ...said })).task;
    } catch (thrown) {
      // its bytes will never be the right ones
      if (StarlingError.from(thrown).code === 'input-invalid') await this.remove(id);
      throw thrown;
    }
  }

  async *#bytesOf({ pieces }: UploadRecord): AsyncGenerator<Uint8Array> {
    for (const { hash } of pieces) yield* (await this.#parts.blobs.read(hash)) as AsyncIterable<Buffer>;
  }

  async #release({ pieces }: UploadRecord): Promise<void> {
    for (const { hash, owner } of pieces) await this.#parts.blobs.release(hash, owner);
  }
}

function view({ pieces: _, ...upload }: UploadRecord): ResumableUpload {
  return upload;
}

function wrongOffset({ id, offset }: UploadRecord, given: number): StarlingError {
  return new StarlingError(
    'revision-conflict',
    `Upload ${id} has ${offset} bytes, and not ${given}. Ask how many there are, and go on from there.`,
    { details: { upload: id, offset } },
  );
}
