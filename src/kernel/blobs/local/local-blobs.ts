import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { type FolderLock, lockFolder } from '../../lmdb/index.js';
import { WorkInHand } from '../../work-in-hand/index.js';
import type { BlobInfo, Blobs, ByteRange, Sweep, WriteOptions } from '../blobs.js';
import { assertHash, assertOwner, assertRange, damaged, noBlob } from '../names.js';
import { BlobFiles } from './blob-files.js';
import { References } from './references.js';
import { isSound, verifiedRead } from './verified-read.js';

export interface LocalBlobsOptions {
  /** The folder of the blobs, made where it does not exist; one open store per folder. */
  readonly folder: string;
}

/**
 * Opens the embedded blob store; the caller closes it. Throws `folder-in-use`, `storage-failed`, `storage-version` and
 * `storage-full`.
 */
export async function openLocalBlobs({ folder }: LocalBlobsOptions): Promise<Blobs> {
  const lock = await lockFolder(folder);
  try {
    const files = await BlobFiles.open(lock.folder);
    return new LocalBlobs(lock, files, await References.open(lock.folder));
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Blobs as files, with who holds them in LMDB. */
class LocalBlobs implements Blobs {
  readonly adapter = 'local';
  readonly durability = 'Written to a file that is synced, and then renamed; the folder is synced too.';
  readonly #lock: FolderLock;
  readonly #files: BlobFiles;
  readonly #references: References;
  /** By hash, the last one who changes who holds it: one after the other, so that nobody holds what is being removed. */
  readonly #turns = new Map<string, Promise<unknown>>();
  /** Files that were read whole and found sound, with when they were last changed. */
  readonly #sound = new Map<string, number>();
  readonly #work = new WorkInHand('The blobs were closed. Open them again.');

  constructor(lock: FolderLock, files: BlobFiles, references: References) {
    this.#lock = lock;
    this.#files = files;
    this.#references = references;
  }

  write(source: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<BlobInfo> {
    return this.#work.do(async () => {
      assertOwner(options.owner);
      const incoming = await this.#files.receive(source, options);
      const { hash, bytes } = incoming;
      try {
        await this.#inTurn(hash, async () => {
          await incoming.place();
          // at once: a blob that is held and gone after a power failure was promised to nobody, and its owner is swept
          const [synced, held] = await Promise.allSettled([
            incoming.sync(),
            this.#references.add(hash, options.owner),
          ]);
          for (const one of [synced, held]) if (one.status === 'rejected') throw one.reason;
        });
      } finally {
        await incoming.discard();
      }
      return { hash, bytes };
    });
  }

  async read(hash: string, range?: ByteRange): Promise<Readable> {
    const info = await this.#found(hash);
    if (range === undefined) return verifiedRead(this.#files.pathOf(hash), hash);
    assertRange(range, info.bytes);
    await this.#assertSound(hash, info.changedMs);
    // an end of 0 bytes is no end for a file's stream
    const { start, end } = range;
    const path = this.#files.pathOf(hash);
    return createReadStream(path, start === end ? { start: info.bytes } : { start, end: end - 1 });
  }

  async stat(hash: string): Promise<BlobInfo | undefined> {
    this.#work.assertOpen();
    assertHash(hash);
    const found = await this.#files.stat(hash);
    return found && { hash, bytes: found.bytes };
  }

  hold(hash: string, owner: string): Promise<void> {
    return this.#work.do(async () => {
      assertOwner(owner);
      assertHash(hash);
      await this.#inTurn(hash, async () => {
        await this.#found(hash);
        await this.#references.add(hash, owner);
      });
    });
  }

  release(hash: string, owner: string): Promise<void> {
    return this.#work.do(async () => {
      assertHash(hash);
      await this.#inTurn(hash, async () => {
        await this.#references.remove([[hash, owner]]);
        await this.#removeUnheld(hash);
      });
    });
  }

  async owners(hash: string): Promise<readonly string[]> {
    this.#work.assertOpen();
    assertHash(hash);
    return this.#references.ownersOf(hash);
  }

  sweep(isLive: (owner: string, hash: string) => boolean): Promise<Sweep> {
    return this.#work.do(async () => {
      await this.#references.remove(
        (await this.#references.all()).filter(([hash, owner]) => !isLive(owner, hash)),
      );
      let removed = 0;
      let bytes = 0;
      for await (const hash of this.#files.all()) {
        const gone = await this.#inTurn(hash, () => this.#removeUnheld(hash));
        if (gone === undefined) continue;
        removed += 1;
        bytes += gone.bytes;
      }
      return { removed, bytes };
    });
  }

  close(): Promise<void> {
    return this.#work.close(() => this.#close());
  }

  async #close(): Promise<void> {
    await this.#work.settled();
    try {
      await this.#references.close();
    } finally {
      await this.#lock.release();
    }
  }

  async #found(hash: string): Promise<BlobInfo & { readonly changedMs: number }> {
    this.#work.assertOpen();
    assertHash(hash);
    const found = await this.#files.stat(hash);
    if (found === undefined) throw noBlob(hash);
    return found;
  }

  async #removeUnheld(hash: string): Promise<BlobInfo | undefined> {
    if ((await this.#references.ownersOf(hash)).length > 0) return undefined;
    const found = await this.#files.stat(hash);
    if (found !== undefined) await this.#files.remove(hash);
    this.#sound.delete(hash);
    return found;
  }

  /** A range says nothing of the rest: the file is read whole once, and again when it was changed. */
  async #assertSound(hash: string, changedMs: number): Promise<void> {
    if (this.#sound.get(hash) === changedMs) return;
    if (!(await isSound(this.#files.pathOf(hash), hash))) throw damaged(hash);
    this.#sound.set(hash, changedMs);
  }

  async #inTurn<T>(hash: string, act: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(hash) ?? Promise.resolve();
    const turn = before.then(act, act);
    this.#turns.set(hash, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(hash) === turn) this.#turns.delete(hash);
    }
  }
}
