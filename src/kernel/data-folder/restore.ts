import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileDigest } from '../durable-file/index.js';
import { StarlingError } from '../errors/index.js';
import { contentFolder, filesBelow, type Manifest, manifestFile, manifestSchema } from './manifest.js';

/**
 * Makes the data folder `to` of the backup `from`, after every file was found to be as the manifest says. The folder takes
 * its name when it is complete. Throws `backup-invalid` where the backup is not whole, with every fault, or `to` has
 * something in it.
 */
export async function restore(from: string, to: string): Promise<Manifest> {
  const manifest = await readBackup(from);
  const target = resolve(to);
  if (existsSync(target) && (await readdir(target)).length > 0) {
    const message = `${to} has something in it already, which a restore would mix up with the backup. Name a new or an empty folder with --data.`;
    throw new StarlingError('backup-invalid', message, { details: { to } });
  }
  const work = join(dirname(target), `.${basename(target)}.partial`);
  try {
    await rm(work, { recursive: true, force: true });
    await mkdir(work, { recursive: true, mode: 0o750 });
    for (const { path, mode } of manifest.files) {
      const copy = join(work, path);
      await mkdir(dirname(copy), { recursive: true, mode: 0o750 });
      await copyFile(join(from, contentFolder, path), copy);
      await chmod(copy, Number.parseInt(mode, 8));
    }
    if (existsSync(target)) await rmdir(target);
    await rename(work, target);
    return manifest;
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw StarlingError.from(error, 'storage-failed', `The folder ${to} could not be restored`);
  }
}

/** The manifest of a backup whose files are all as it says. Throws `backup-invalid` with every fault. */
export async function readBackup(from: string): Promise<Manifest> {
  const manifest = await readManifest(from);
  const content = join(from, contentFolder);
  const there = new Set(existsSync(content) ? await filesBelow(content) : []);
  const faults: string[] = [];
  for (const { path, bytes, sha256 } of manifest.files) {
    if (!there.delete(path)) faults.push(`${path} is missing`);
    else {
      const found = await fileDigest(join(content, path));
      if (found.bytes !== bytes) faults.push(`${path} has ${found.bytes} bytes instead of ${bytes}`);
      else if (found.sha256 !== sha256) faults.push(`${path} is not what was backed up`);
    }
  }
  faults.push(...[...there].map((path) => `${path} is not in the manifest`));
  if (faults.length === 0) return manifest;
  const list = faults.map((fault) => `\n  ${fault}`).join('');
  const message = `The backup ${from} is not whole. Use another one:${list}`;
  throw new StarlingError('backup-invalid', message, { details: { from, faults } });
}

async function readManifest(from: string): Promise<Manifest> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(join(from, manifestFile), 'utf8')));
  } catch (cause) {
    const message = `${from} is no backup of Starling: its ${manifestFile} is missing or cannot be understood. Name the folder that \`starling backup\` wrote.`;
    throw new StarlingError('backup-invalid', message, { cause, details: { from } });
  }
}
