import { createHash } from 'node:crypto';
import { access, constants, stat } from 'node:fs/promises';
import { fileDigest } from '../../../../kernel/durable-file/index.js';
import { isSystemError, StarlingError } from '../../../../kernel/errors/index.js';
import type { CheckedSource } from './data-set-source.js';
import type { SourceStamp } from './import-report.js';

/** Part of every fingerprint: a change of what an import makes of a source raises it. */
const importVersion = 1;

/** What is declared of the data, without where it lies: the same content elsewhere is the same data. */
export function specificationOf(source: CheckedSource): string {
  return JSON.stringify([importVersion, source.tables.map(({ file: _, ...declared }) => declared)]);
}

/**
 * The stamps of every file of a source, in the order of the tables. Throws `data-set-unavailable` where one is missing
 * or cannot be read, `input-invalid` where one is empty.
 */
export async function stampSources(source: CheckedSource): Promise<SourceStamp[]> {
  const files = new Map<string, SourceStamp>();
  for (const { file, name, format } of source.tables) {
    if (files.has(file)) continue;
    files.set(file, await stampFile(file, name));
    if (format === 'duckdb') await refuseUnwrittenChanges(file);
  }
  return [...files.values()];
}

/** Whether nothing changed between two times a source was stamped. */
export function sameStamps(some: readonly SourceStamp[], others: readonly SourceStamp[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}

/**
 * 16 hexadecimal digits for the declaration and the content of every file: the start of a SHA-256 over the
 * specification and each file's own SHA-256.
 */
export async function fingerprintOf(source: CheckedSource): Promise<string> {
  const contents = new Map<string, string>();
  for (const { file } of source.tables) {
    if (!contents.has(file)) contents.set(file, (await fileDigest(file)).sha256);
  }
  const whole = createHash('sha256').update(specificationOf(source));
  for (const { file } of source.tables) whole.update(`\n${contents.get(file)}`);
  return whole.digest('hex').slice(0, 16);
}

async function stampFile(file: string, table: string): Promise<SourceStamp> {
  const of = `The file ${file} of table ${JSON.stringify(table)}`;
  try {
    const { size, mtimeNs, ino, isFile } = await statOf(file);
    await access(file, constants.R_OK);
    if (!isFile) throw unavailable(`${of} is not a regular file. Correct its path.`);
    if (size === 0n) throw new StarlingError('input-invalid', `${of} is empty. Put the data there.`);
    return { file, size: `${size}`, modified: `${mtimeNs}`, inode: `${ino}` };
  } catch (error) {
    if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ENOTDIR')) {
      throw unavailable(`${of} is not there. Put it there, or correct its path.`, error);
    }
    if (isSystemError(error, 'EACCES') || isSystemError(error, 'EPERM')) {
      throw unavailable(`${of} may not be read by this process. Allow it.`, error);
    }
    throw StarlingError.from(error, 'data-set-unavailable', `${of} cannot be read`);
  }
}

async function statOf(file: string) {
  const found = await stat(file, { bigint: true });
  return { size: found.size, mtimeNs: found.mtimeNs, ino: found.ino, isFile: found.isFile() };
}

/** Changes that are only in the log beside a DuckDB file would be missing from the fingerprint. */
async function refuseUnwrittenChanges(file: string): Promise<void> {
  try {
    const log = await stat(`${file}.wal`);
    if (log.size === 0) return;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return;
    throw StarlingError.from(error, 'data-set-unavailable', `${file}.wal cannot be read`);
  }
  throw unavailable(
    `${file} has changes that are only in its log. Run CHECKPOINT in it, or close it, and try again.`,
  );
}

function unavailable(message: string, cause?: unknown): StarlingError {
  return new StarlingError('data-set-unavailable', message, { cause });
}
