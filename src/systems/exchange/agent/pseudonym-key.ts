import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError, StarlingError } from '../../../kernel/errors/index.js';

const keyBytes = 32;

/**
 * The key that a party's pseudonyms are made with: made once, kept in the agent's own folder, readable by its owner
 * alone. Who loses the file gets other pseudonyms from then on.
 */
export async function pseudonymKey(folder: string): Promise<string> {
  const file = join(folder, 'pseudonym.key');
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 });
    const handle = await open(file, 'wx', 0o600);
    try {
      const key = randomBytes(keyBytes).toString('hex');
      await handle.writeFile(key);
      await handle.sync();
      return key;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return readKey(file);
    throw StarlingError.from(error, 'storage-failed', `The key ${file} cannot be written`);
  }
}

async function readKey(file: string): Promise<string> {
  const key = (await readFile(file, 'utf8')).trim();
  if (key.length === keyBytes * 2) return key;
  throw new StarlingError(
    'storage-failed',
    `The key ${file} is damaged. Restore it from a backup, or remove it to get new pseudonyms.`,
  );
}
