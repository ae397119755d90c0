import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { isSystemError, StarlingError } from '../errors/index.js';

/**
 * What a JSON file of record holds, by its schema; undefined where there is no such file. Throws `storage-failed` where it
 * cannot be read or understood.
 *
 * @param remedy what to do about a damaged file; to restore it from a backup if not given
 */
export async function readRecord<T>(
  file: string,
  schema: z.ZodType<T>,
  remedy = 'Restore it from a backup.',
): Promise<T | undefined> {
  let text: string | undefined;
  try {
    text = await readFileIfThere(file);
  } catch (cause) {
    throw StarlingError.from(cause, 'storage-failed', `${file} cannot be read`);
  }
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const message = `${file} is damaged, or of another version of Starling. ${remedy}`;
    throw new StarlingError('storage-failed', message, { cause, details: { file } });
  }
}

/** The text of a file; undefined where there is no such file. Throws the system's error where it cannot be read. */
export async function readFileIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOENT') || isSystemError(thrown, 'ENOTDIR')) return undefined;
    throw thrown;
  }
}
