import { createHash, randomBytes } from 'node:crypto';
import type { Blobs } from '../../kernel/blobs/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Queue } from '../../kernel/queue/index.js';
import { originalOwner } from './blob-owners.js';
import type { Held, InHand, Note } from './in-hand/index.js';
import { publishTask } from './message.js';
import { cutOff, type TaskStore } from './store/index.js';
import { applyTask, type StoredFile, type Task } from './task/index.js';
import { TaskIds } from './task-id.js';
import type { Upload, Uploaded } from './tasks-api.js';

export interface UploadsParts {
  readonly store: TaskStore;
  readonly queue: Queue;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly inHand: InHand;
  readonly maxUploadBytes: number;
}

/** An upload that has its record. */
interface Begun {
  readonly task: Task;
  readonly held: Held;
  readonly note: Note;
}

/**
 * Files on their way in: record, then blob, then message; each step can be broken off, and nothing is left of it then.
 * A note of the task is kept meanwhile.
 */
export class Uploads {
  readonly #parts: UploadsParts;
  readonly #ids = new TaskIds();

  constructor(parts: UploadsParts) {
    this.#parts = parts;
  }

  async upload(upload: Upload): Promise<Uploaded> {
    const { clock, inHand } = this.#parts;
    await this.#assertRoom('Upload');
    const { name, batch, filter, user } = upload;
    const at = clock.wallTime();
    const id = this.#ids.next(at, randomBytes(4).toString('hex'));
    const who = user === undefined ? {} : { user };
    const task = applyTask(undefined, { type: 'create', at, id, name, batch, filter, ...who });
    const { begun, known } = await inHand.under((held) => this.#begin(task, held));
    if (known !== undefined) return { task: await this.#same(known, upload), duplicate: true };
    return { task: await this.#receive(begun, upload), duplicate: false };
  }

  /** Another round for a task that has ended; see `Tasks.retry`. */
  async retry(id: string, by: string): Promise<Task> {
    const { store, queue, clock, inHand } = this.#parts;
    await this.#assertRoom('Retry');
    const held = await inHand.held();
    const note = held.note(id);
    try {
      const task = await held.tidying((tidied) => {
        const operations = [note.put, ...tidied];
        return store.apply(
          id,
          { type: 'retry', at: clock.wallTime(), by },
          { presence: held.presence, operations },
        );
      });
      await publishTask(queue, task);
      held.finish(note);
      return task;
    } catch (error) {
      await inHand.settle(async () => {
        await this.#publishQueued(id);
        held.finish(note);
      });
      throw error;
    }
  }

  async #begin(task: Task, held: Held): Promise<{ readonly begun: Begun; readonly known: Task | undefined }> {
    const note = held.note(task.id);
    const begun = { task, held, note };
    try {
      const known = await this.#parts.store.create(task, held.lease, note.put);
      if (known !== undefined) held.finish(note);
      return { begun, known };
    } catch (error) {
      if (StarlingError.from(error).code === 'lease-lapsed') held.finish(note);
      else await this.#giveUp(begun);
      throw error;
    }
  }

  async #receive(begun: Begun, { source, mediaType, sha256, signal }: Upload): Promise<Task> {
    const { queue, blobs, maxUploadBytes } = this.#parts;
    const { task, held, note } = begun;
    const until = signal === undefined ? {} : { signal };
    let hash: string | undefined;
    try {
      const owner = originalOwner(task.id);
      const stored = await blobs.write(source, { owner, maxBytes: maxUploadBytes, ...until });
      hash = stored.hash;
      if (stored.bytes === 0) throw empty(task.name);
      assertSame(task.name, hash, sha256);
      const queued = await this.#uploaded(begun, { ...stored, mediaType });
      await publishTask(queue, queued);
      held.finish(note);
      return queued;
    } catch (error) {
      await this.#giveUp(begun, hash);
      throw error;
    }
  }

  /** Throws `storage-unavailable` where its record has vanished, with the lease of this process. */
  async #uploaded({ task: { id }, held }: Begun, original: StoredFile): Promise<Task> {
    const { store, clock } = this.#parts;
    try {
      return await held.tidying((operations) =>
        store.apply(id, { type: 'uploaded', at: clock.wallTime(), original }, { operations }),
      );
    } catch (thrown) {
      throw StarlingError.from(thrown).code === 'not-found' ? cutOff() : thrown;
    }
  }

  /** Takes back what was begun, unless somebody who sent it again was told that it is there. Where that fails, it is tried again. */
  async #giveUp({ task: { id }, held, note }: Begun, hash?: string): Promise<void> {
    const { store, blobs, inHand } = this.#parts;
    await inHand.settle(async () => {
      if (!(await store.withdraw(id))) await this.#publishQueued(id);
      else if (hash !== undefined) await blobs.release(hash, originalOwner(id));
      held.finish(note);
    });
  }

  /** Has a task be in the queue if it waits for a worker. */
  async #publishQueued(id: string): Promise<void> {
    const task = await this.#parts.store.find(id);
    if (task?.state === 'queued') await publishTask(this.#parts.queue, task);
  }

  /** The task of a name that was uploaded before, where the bytes are the same. */
  async #same(known: Task, { name, batch, source, sha256 }: Upload): Promise<Task> {
    const hash = createHash('sha256');
    for await (const chunk of source) hash.update(chunk);
    const { original } = known;
    const received = hash.digest('hex');
    assertSame(name, received, sha256);
    if (original?.hash === received) {
      if (known.state !== 'queued') return known;
      await this.#parts.store.tell(known);
      // where it died between record and message, it is in the queue now
      await publishTask(this.#parts.queue, known);
      return known;
    }
    const why = original === undefined ? 'is being uploaded' : 'was uploaded with other content';
    throw new StarlingError(
      'revision-conflict',
      `${name} ${why} in batch ${batch}, as task ${known.id}. Give the file another name, or upload it in a batch of its own.`,
      { details: { task: known.id, batch, name, state: known.state } },
    );
  }

  async #assertRoom(again: 'Upload' | 'Retry'): Promise<void> {
    const { fill, capacity } = await this.#parts.queue.stats();
    if (fill < 1) return;
    throw new StarlingError(
      'queue-full',
      `${capacity} tasks wait already, which is all that are taken. ${again} again when some are done.`,
      { details: { capacity } },
    );
  }
}

function assertSame(name: string, received: string, announced = received): void {
  if (received === announced) return;
  throw new StarlingError(
    'input-invalid',
    `The bytes that came of ${name} have the SHA-256 ${received}, and ${announced} was announced: they were changed on their way, or the file while it was sent. Send it again.`,
    { details: { received, announced } },
  );
}

function empty(name: string): StarlingError {
  return new StarlingError(
    'input-invalid',
    `The file ${JSON.stringify(name)} is empty. Upload one with content.`,
  );
}
