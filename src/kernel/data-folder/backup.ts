import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileDigest } from '../durable-file/index.js';
import { isSystemError, StarlingError } from '../errors/index.js';
import { copyStore, hasStore } from '../lmdb/index.js';
import { type FolderRecord, readFolderRecord } from './folder-record.js';
import { contentFolder, filesBelow, type Manifest, manifestFile } from './manifest.js';

export interface BackupOptions {
  /** A folder of a gateway or an agent, or one that has such folders in it, as `starling up` makes it. */
  readonly folder: string;
  /** The folder that the backup becomes; it must not be there. */
  readonly to: string;
  /** The version of Starling that makes it. */
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
}

/** A data folder that is part of a backup; its path is below the folder that was named. */
interface Part {
  readonly path: string;
  readonly record: FolderRecord;
}

// what can be made again, or lives for an hour only
const leftOut: Readonly<Record<FolderRecord['kind'], readonly string[]>> = {
  gateway: ['answers', 'services'],
  agent: ['data', 'sample'],
};

/**
 * Copies data folders, also while a process has them open: each store as of one moment, in `turnOf`, and what is
 * acknowledged before it begins is in it. The backup takes its name when it is complete. It holds private keys, and only its owner may read it.
 * Throws `backup-invalid` where there is no data folder or `to` is there, `storage-failed` and `storage-full`.
 */
export async function backUp({ folder, to, version, madeAt }: BackupOptions): Promise<Manifest> {
  const parts = await partsOf(folder);
  if (parts.length === 0) {
    const message = `${folder} is not the folder of a gateway or an agent, and has none in it. Name one with --data.`;
    throw new StarlingError('backup-invalid', message, { details: { folder } });
  }
  if (existsSync(to)) {
    const message = `${to} is there already. Name a folder that is not, with --to.`;
    throw new StarlingError('backup-invalid', message, { details: { to } });
  }
  const target = resolve(to);
  const work = join(dirname(target), `.${basename(target)}.partial`);
  try {
    await rm(work, { recursive: true, force: true });
    const content = join(work, contentFolder);
    await mkdir(content, { recursive: true, mode: 0o700 });
    for (const { path, record } of parts) {
      await copyFolder(join(folder, path), join(content, path), leftOut[record.kind]);
    }
    const manifest = await describe(content, parts, { version, madeAt });
    await writeFile(join(work, manifestFile), `${JSON.stringify(manifest, undefined, 2)}\n`, { mode: 0o600 });
    await rename(work, target);
    return manifest;
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw StarlingError.from(error, 'storage-failed', `The backup ${to} could not be written`);
  }
}

/** The data folders at and below a folder; what is inside of one is its own. */
async function partsOf(folder: string, path = '.', depth = 2): Promise<Part[]> {
  const record = await readFolderRecord(join(folder, path));
  if (record !== undefined) return [{ path, record }];
  if (depth === 0 || !existsSync(join(folder, path))) return [];
  const entries = await readdir(join(folder, path), { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const below = await Promise.all(
    names.sort().map((name) => partsOf(folder, path === '.' ? name : `${path}/${name}`, depth - 1)),
  );
  return below.flat();
}

/**
 * Which comes first. The queue, then the state: a message whose task is done by then does no harm, and a task without its
 * message gets one when the folder is opened. The state before the blobs and keys: what is made meanwhile is then there and
 * not known, and not known and missing. Who holds blobs before their bytes, for the same reason.
 */
function turnOf(name: string, isFolder: boolean): number {
  const turn = ['queue', 'state'].indexOf(name);
  if (turn >= 0) return turn;
  return isFolder ? 2 : 3;
}

async function copyFolder(from: string, to: string, without: readonly string[]): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const isStore = hasStore(from);
  if (isStore) await copyStore(from, to);
  const entries = await readdir(from, { withFileTypes: true });
  const turn = (entry: (typeof entries)[number]) => turnOf(entry.name, entry.isDirectory());
  const order = [...entries].sort(
    (one, other) => turn(one) - turn(other) || (one.name < other.name ? -1 : 1),
  );
  for (const entry of order) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (without.includes(entry.name) || isTemporary(entry.name)) continue;
    // the lock of a store is its owner's
    if (isStore && entry.name === 'lock') continue;
    if (entry.isDirectory()) await copyFolder(source, copy, []);
    else if (entry.isFile() && !isStore) await copyPresent(source, copy);
  }
}

/** Copies a file, as the same bytes on disk where the system can; one that is removed meanwhile is not needed any more. */
async function copyPresent(source: string, copy: string): Promise<void> {
  try {
    await copyFile(source, copy, constants.COPYFILE_FICLONE);
    await chmod(copy, (await stat(source)).mode & 0o777);
  } catch (thrown) {
    if (!isSystemError(thrown, 'ENOENT') || existsSync(source)) throw thrown;
    await rm(copy, { force: true });
  }
}

/** What is only begun; see `durable-file`, and `incoming` of blobs. */
const isTemporary = (name: string): boolean => name.startsWith('.') || name === 'incoming';

async function describe(
  content: string,
  parts: readonly Part[],
  { version, madeAt }: Pick<BackupOptions, 'version' | 'madeAt'>,
): Promise<Manifest> {
  const files: Manifest['files'] = [];
  for (const path of await filesBelow(content)) {
    const file = join(content, path);
    const mode = ((await stat(file)).mode & 0o777).toString(8).padStart(3, '0');
    files.push({ path, ...(await fileDigest(file)), mode });
  }
  const folders = parts.map(({ path, record: { kind, party } }) => ({
    path,
    kind,
    ...(party === undefined ? {} : { party }),
  }));
  return { format: 'starling-backup-1', madeAt, version, folders, files };
}
