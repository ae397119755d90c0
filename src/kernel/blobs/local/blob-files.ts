import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../../errors/index.js';
import { storageError, syncFolder } from '../../lmdb/index.js';
import type { BlobInfo, WriteOptions } from '../blobs.js';
import { IncomingBytes } from '../incoming-bytes.js';

/** Bytes that were written and synced, and are not in their place yet. */
export interface Incoming extends BlobInfo {
  /** Moves them there; what is there already has the same bytes. */
  place(): Promise<void>;
  /** Resolves when their place is on disk. */
  sync(): Promise<void>;
  /** Removes them, unless they were moved. */
  discard(): Promise<void>;
}

/** The files of the blobs: `files/ab/abcd…`, and `incoming/` for what is being written. */
export class BlobFiles {
  readonly #folder: string;
  /** Folders of blobs that are on disk. */
  readonly #made = new Set<string>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folders, and removes what a crash left half-written. */
  static async open(folder: string): Promise<BlobFiles> {
    const files = new BlobFiles(folder);
    await rm(join(folder, 'incoming'), { recursive: true, force: true });
    await mkdir(join(folder, 'incoming'), { recursive: true, mode: 0o700 });
    await mkdir(join(folder, 'files'), { recursive: true, mode: 0o700 });
    await syncFolder(folder);
    return files;
  }

  pathOf(hash: string): string {
    return join(this.#folderOf(hash), hash);
  }

  /** Writes what `source` gives to a file of its own, and syncs it. Nothing is left of it where that fails. */
  async receive(source: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<Incoming> {
    const path = join(this.#folder, 'incoming', randomUUID());
    let isPlaced = false;
    const discard = async () => {
      if (!isPlaced) await rm(path, { force: true });
    };
    try {
      const file = await this.#stored(open(path, 'wx', 0o600));
      try {
        const bytes = new IncomingBytes(source, options);
        for await (const piece of bytes) await this.#stored(file.writeFile(piece));
        const info = bytes.info();
        await this.#stored(file.sync());
        const place = async () => {
          await this.#place(path, info.hash);
          isPlaced = true;
        };
        return { ...info, place, sync: () => this.#sync(info.hash), discard };
      } finally {
        await file.close();
      }
    } catch (error) {
      await discard();
      throw error;
    }
  }

  async stat(hash: string): Promise<(BlobInfo & { readonly changedMs: number }) | undefined> {
    try {
      const { size, mtimeMs, ctimeMs } = await stat(this.pathOf(hash));
      return { hash, bytes: size, changedMs: Math.max(mtimeMs, ctimeMs) };
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return undefined;
      throw storageError(error, this.#folder);
    }
  }

  async remove(hash: string): Promise<void> {
    await this.#stored(rm(this.pathOf(hash), { force: true }));
  }

  /** Hashes of all files. */
  async *all(): AsyncGenerator<string> {
    for (const part of await this.#stored(readdir(join(this.#folder, 'files'))))
      yield* await this.#stored(readdir(join(this.#folder, 'files', part)));
  }

  async #place(path: string, hash: string): Promise<void> {
    const folder = this.#folderOf(hash);
    if (!this.#made.has(folder)) await this.#stored(mkdir(folder, { recursive: true, mode: 0o700 }));
    await this.#stored(rename(path, this.pathOf(hash)));
  }

  async #sync(hash: string): Promise<void> {
    const folder = this.#folderOf(hash);
    const folders = this.#made.has(folder) ? [folder] : [folder, join(this.#folder, 'files')];
    await this.#stored(Promise.all(folders.map(syncFolder)));
    this.#made.add(folder);
  }

  #folderOf(hash: string): string {
    return join(this.#folder, 'files', hash.slice(0, 2));
  }

  async #stored<T>(promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } catch (error) {
      throw storageError(error, this.#folder);
    }
  }
}
