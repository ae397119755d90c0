import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFile } from '../../../kernel/durable-file/index.js';
import { isSystemError, StarlingError } from '../../../kernel/errors/index.js';

const keyBytes = 32;

/**
 * The key that a party's pseudonyms are made with, 64 hexadecimal digits: made once, kept in the agent's own folder,
 * readable by its owner alone. Who loses the file gets other pseudonyms from then on. Throws `storage-full`, and
 * `storage-failed` where the key cannot be written or read, or is damaged.
 */
export async function pseudonymKey(folder: string): Promise<string> {
  const file = join(folder, 'pseudonym.key');
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 });
    const key = randomBytes(keyBytes).toString('hex');
    await makeFile(file, key, 0o600);
    return key;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return readKey(file);
    throw StarlingError.from(error, 'storage-failed', `The key ${file} cannot be written`);
  }
}

async function readKey(file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw StarlingError.from(error, 'storage-failed', `The key ${file} cannot be read`);
  }
  const key = text.trim();
  if (/^[0-9a-f]+$/.test(key) && key.length === keyBytes * 2) return key;
  throw new StarlingError(
    'storage-failed',
    `The key ${file} is damaged. Restore it from a backup, or remove it to get new pseudonyms.`,
  );
}
