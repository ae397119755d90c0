import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { StarlingError } from '../errors/index.js';
import { copyState } from '../state/index.js';
import { type FolderRecord, readFolderRecord } from './folder-record.js';
import { contentFolder, fileDigest, filesBelow, type Manifest, manifestFile } from './manifest.js';

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

// what can be made again, or lives for an hour only; blobs are as large as all photos are, and each file is its own copy for good
const leftOut: Readonly<Record<FolderRecord['kind'], readonly string[]>> = {
  gateway: ['answers', 'services', 'queue', 'blobs'],
  agent: ['data', 'sample'],
};

/**
 * Copies data folders, also while a process has them open: each state store as of one moment, then the files beside it. The
 * backup takes its name when it is complete. It holds private keys, and only its owner may read it.
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

async function copyFolder(from: string, to: string, without: readonly string[]): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const entries = await readdir(from, { withFileTypes: true });
  // the state first: a key that is made meanwhile is then there, and not known, instead of known and not there
  if (entries.some(({ name }) => name === 'data.mdb')) {
    await copyState(from, to);
    return;
  }
  const order = [...entries].sort(
    (one, other) =>
      Number(other.isDirectory()) - Number(one.isDirectory()) || (one.name < other.name ? -1 : 1),
  );
  for (const entry of order) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (without.includes(entry.name) || isTemporary(entry.name)) continue;
    if (entry.isDirectory()) await copyFolder(source, copy, []);
    else if (entry.isFile()) {
      await copyFile(source, copy);
      await chmod(copy, (await stat(source)).mode & 0o777);
    }
  }
}

/** A file that is only begun; see `durable-file`. */
const isTemporary = (name: string): boolean => name.startsWith('.');

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
