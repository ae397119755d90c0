import { createHash, randomBytes } from 'node:crypto';
import type { Blobs } from '../../kernel/blobs/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Queue } from '../../kernel/queue/index.js';
import { originalOwner } from './blob-owners.js';
import { messageOf } from './message.js';
import type { TaskStore } from './store/index.js';
import { applyTask, type StoredFile, type Task } from './task/index.js';
import { TaskIds } from './task-id.js';
import type { Upload, Uploaded } from './tasks-api.js';
import type { UploadLease } from './upload-lease.js';

export interface UploadsParts {
  readonly store: TaskStore;
  readonly queue: Queue;
  readonly blobs: Blobs;
  readonly clock: Clock;
  /** Of this process, in the state: what it was uploading when it died vanishes with it. */
  readonly lease: Pick<UploadLease, 'under'>;
  readonly maxUploadBytes: number;
}

/** Files on their way in: record, then blob, then message; each step can be broken off, and nothing is left of it then. */
export class Uploads {
  readonly #parts: UploadsParts;
  readonly #ids = new TaskIds();

  constructor(parts: UploadsParts) {
    this.#parts = parts;
  }

  async upload(upload: Upload): Promise<Uploaded> {
    const { store, clock, lease } = this.#parts;
    await this.#assertRoom();
    const { name, batch, filter, user } = upload;
    const at = clock.wallTime();
    const id = this.#ids.next(at, randomBytes(4).toString('hex'));
    const who = user === undefined ? {} : { user };
    const begun = applyTask(undefined, { type: 'create', at, id, name, batch, filter, ...who });
    const known = await lease.under((held) => store.create(begun, held));
    if (known !== undefined) return { task: await this.#same(known, upload), duplicate: true };
    try {
      return { task: await this.#receive(begun, upload), duplicate: false };
    } catch (error) {
      await store.withdraw(id);
      throw error;
    }
  }

  async #receive(task: Task, { source, mediaType, signal }: Upload): Promise<Task> {
    const { store, queue, blobs, maxUploadBytes } = this.#parts;
    const owner = originalOwner(task.id);
    const until = signal === undefined ? {} : { signal };
    const { hash, bytes } = await blobs.write(source, { owner, maxBytes: maxUploadBytes, ...until });
    try {
      if (bytes === 0) throw empty(task.name);
      const original = { hash, bytes, mediaType };
      const queued = await this.#uploaded(task, original);
      const { body, options } = messageOf(queued);
      await queue.publish(body, options);
      return queued;
    } catch (error) {
      if (await store.withdraw(task.id)) await blobs.release(hash, owner);
      throw error;
    }
  }

  /** Throws `storage-unavailable` where its record has vanished, with the lease of this process. */
  async #uploaded({ id, name }: Task, original: StoredFile): Promise<Task> {
    const { store, clock } = this.#parts;
    try {
      return await store.apply(id, { type: 'uploaded', at: clock.wallTime(), original });
    } catch (thrown) {
      if (StarlingError.from(thrown).code !== 'not-found') throw thrown;
      const message =
        `The gateway was cut off from its store while ${JSON.stringify(name)} came, and the upload was given up. ` +
        'Upload it again.';
      throw new StarlingError('storage-unavailable', message, { cause: thrown });
    }
  }

  /** The task of a name that was uploaded before, where the bytes are the same. */
  async #same(known: Task, { name, batch, source }: Upload): Promise<Task> {
    const hash = createHash('sha256');
    for await (const chunk of source) hash.update(chunk);
    const { original } = known;
    if (original?.hash === hash.digest('hex')) {
      // where it died between record and message, it is in the queue now
      const { body, options } = messageOf(known);
      if (known.state === 'queued') await this.#parts.queue.publish(body, options);
      return known;
    }
    const why = original === undefined ? 'is being uploaded' : 'was uploaded with other content';
    throw new StarlingError(
      'revision-conflict',
      `${name} ${why} in batch ${batch}, as task ${known.id}. Give the file another name, or upload it in a batch of its own.`,
      { details: { task: known.id, batch, name, state: known.state } },
    );
  }

  async #assertRoom(): Promise<void> {
    const { fill, capacity } = await this.#parts.queue.stats();
    if (fill < 1) return;
    throw new StarlingError(
      'queue-full',
      `${capacity} tasks wait already, which is all that are taken. Upload again when some are done.`,
      { details: { capacity } },
    );
  }
}

function empty(name: string): StarlingError {
  return new StarlingError(
    'input-invalid',
    `The file ${JSON.stringify(name)} is empty. Upload one with content.`,
  );
}
