import type { Clock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import { type Json, listEntries, type State } from '../../../kernel/state/index.js';
import type { ResumableUpload } from './resumable.js';

/** Where they are kept, by id. */
const prefix = '/tasks/resumable/';

/** An upload, with the blobs that it has come to so far, in their order. */
export interface UploadRecord extends ResumableUpload {
  readonly pieces: readonly { readonly hash: string; readonly owner: string }[];
}

/** A record, and the revision at which it was written. */
export interface KeptUpload {
  readonly record: UploadRecord;
  readonly revision: number;
}

/** Uploads that come in pieces, as the state has them. A record is changed as of the revision at which it was read. */
export class UploadRecords {
  readonly #state: State;
  readonly #clock: Clock;

  constructor(state: State, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
  }

  /** Throws `not-found`, also of one that took too long. */
  async read(id: string): Promise<KeptUpload> {
    const kept = await this.find(id);
    if (kept !== undefined && kept.record.expiresAt > this.#clock.wallTime()) return kept;
    throw new StarlingError(
      'not-found',
      `There is no upload ${JSON.stringify(id)}: it took more than a day, or was removed. Begin it again.`,
      { details: { upload: id } },
    );
  }

  /** As `read`, whatever time it took; undefined where there is none. */
  async find(id: string): Promise<KeptUpload | undefined> {
    const entry = await this.#state.get(prefix + id);
    return entry && { record: entry.value as unknown as UploadRecord, revision: entry.modRevision };
  }

  /** All of them in the order of their ids, also those that took too long. */
  async *all(): AsyncGenerator<KeptUpload> {
    for await (const { value, modRevision } of listEntries(this.#state, prefix))
      yield { record: value as unknown as UploadRecord, revision: modRevision };
  }

  /** Writes one, new where the revision is 0. Throws `revision-conflict` where it is not of that revision any more. */
  async write(record: UploadRecord, revision: number): Promise<void> {
    await this.#state.put(prefix + record.id, json(record), { ifRevision: revision });
  }

  /** As `write`, while a process is there; gives whether both held. */
  async writeWhilePresent(record: UploadRecord, revision: number, presence: string): Promise<boolean> {
    const key = prefix + record.id;
    const { succeeded } = await this.#state.transaction({
      compare: [
        { key, modRevision: revision },
        { key: presence, exists: true },
      ],
      success: [{ put: key, value: json(record) }],
    });
    return succeeded;
  }

  /** Throws `revision-conflict` where it is not of that revision any more. */
  async remove({ record, revision }: KeptUpload): Promise<void> {
    await this.#state.delete(prefix + record.id, { ifRevision: revision });
  }
}

const json = (record: UploadRecord): Json => record as unknown as Json;
