import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Counted, type FileUse, fileUse, type Root } from './format.js';
import { storageError } from './storage-error.js';

/** What a commit writes, as far as its size depends on it. */
export interface CommitSize {
  /** Puts and removes. */
  readonly steps: number;
  /** All values that are put, together, or their keys where they are empty; 0 where the commit only removes. */
  readonly bytes: number;
}

interface TreeStats {
  readonly treeBranchPageCount?: number;
  readonly treeLeafPageCount?: number;
  readonly overflowPages?: number;
}

// the trees' upper pages, and the list of the free ones
const pagesPerCommit = 64;
// left for commits that only remove, so that a store can be emptied while its disk is full
const pagesForRemovals = 64;
// a leaf and a branch above it are written anew
const pagesPerStep = 2;
const keyBytes = 256;
const zeros = Buffer.alloc(1024 ** 2);

/**
 * Space in the file of a store, set aside before each commit: on a full disk the `lmdb` package (3.5.6) writes its message
 * beyond the end of its buffer (`mdb_page_flush` in `mdb.c`), which ends the process sooner or later.
 * What is once in the file stays the store's own, unless the file system writes every change to a new place.
 */
export class FileSpace {
  readonly #root: Root;
  readonly #file: FileHandle;
  readonly #folder: string;
  #tables: readonly Counted[] = [];
  #bytes: number;

  private constructor(root: Root, file: FileHandle, { folder, bytes }: { folder: string; bytes: number }) {
    this.#root = root;
    this.#file = file;
    this.#folder = folder;
    this.#bytes = bytes;
  }

  /** For a store that is open. Throws as the file system does. */
  static async open(root: Root, folder: string): Promise<FileSpace> {
    const file = await open(join(folder, 'data.mdb'), 'r+');
    const { size } = await file.stat();
    return new FileSpace(root, file, { folder, bytes: size });
  }

  /** The tables of the store, whose pages are not free. */
  counts(tables: readonly Counted[]): void {
    this.#tables = tables;
  }

  /** Resolves when a commit can be written. Throws `storage-full` or `storage-failed`, and the store goes on. */
  async reserve(size: CommitSize): Promise<void> {
    const use = fileUse(this.#root);
    const needed = pagesOf(size, use) * use.pageBytes;
    const used = use.pages * use.pageBytes;
    const end = used + needed;
    // never write into, or cut off, what a commit wrote that took more than was set aside for it
    this.#bytes = Math.max(this.#bytes, used);
    if (this.#bytes >= end) return;
    const before = this.#bytes;
    try {
      // twice as much as is needed, so that not every commit makes the file longer
      await this.#extend(end + needed);
    } catch (thrown) {
      // the last bytes of a disk are left to those who may do something with them
      await this.#cut(this.#bytes < end ? before : end);
      if (this.#bytes < end && !this.#suffices(size, use)) throw storageError(thrown, this.#folder);
    }
  }

  /** To be called when the store is closed: closing a descriptor of its file drops the process's locks. */
  close(): Promise<void> {
    return this.#file.close();
  }

  /** Whether a commit fits into the file as it is: into the pages at its end, along with those that are free between others. */
  #suffices(size: CommitSize, use: FileUse): boolean {
    const atEnd = Math.floor(this.#bytes / use.pageBytes) - use.pages;
    const used = [this.#root, ...this.#tables].reduce((sum, table) => sum + treePages(table), 0);
    // a value that finds no room in one piece goes to the end
    const values = Math.ceil(size.bytes / use.pageBytes);
    const kept = size.bytes === 0 ? pagesPerCommit / 2 : pagesPerCommit;
    return atEnd >= values + kept && atEnd + use.pages - used >= pagesOf(size, use);
  }

  async #cut(end: number): Promise<void> {
    await this.#file.truncate(end);
    this.#bytes = end;
  }

  /** A file that is only made longer takes no space: zeros do. */
  async #extend(end: number): Promise<void> {
    while (this.#bytes < end) {
      const length = Math.min(zeros.length, end - this.#bytes);
      const { bytesWritten } = await this.#file.write(zeros, 0, length, this.#bytes);
      this.#bytes += bytesWritten;
    }
  }
}

/**
 * The same for a small store, from within a write transaction, which keeps other processes from writing: so many pages, or
 * twice as many where the file gets longer. Throws as the file system does.
 */
export function reserveInTransaction(root: Counted, folder: string, wanted: number): void {
  const { pageBytes, pages } = fileUse(root);
  const file = openSync(join(folder, 'data.mdb'), 'r+');
  try {
    let bytes = fstatSync(file).size;
    if (bytes >= (pages + wanted) * pageBytes) return;
    const end = (pages + 2 * wanted) * pageBytes;
    while (bytes < end) bytes += writeSync(file, Buffer.alloc(end - bytes), 0, end - bytes, bytes);
  } finally {
    closeSync(file);
  }
}

function treePages(table: Counted): number {
  const stats: TreeStats = table.getStats();
  return (stats.treeBranchPageCount ?? 0) + (stats.treeLeafPageCount ?? 0) + (stats.overflowPages ?? 0);
}

/**
 * The most pages, about, by which a commit makes the file longer: it writes each page that it changes to another place, and what is
 * new takes twice its size at worst, as a page that is split is half empty.
 */
export function pagesOf({ steps, bytes }: CommitSize, { pageBytes, pages }: FileUse): number {
  const changed = Math.min(steps * pagesPerStep, pages);
  if (bytes === 0) return pagesPerCommit + changed;
  const added = Math.ceil((2 * (bytes + steps * keyBytes)) / pageBytes);
  return pagesPerCommit + changed + added + pagesForRemovals;
}
