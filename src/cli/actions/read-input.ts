import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { isSystemError, StarlingError } from '../../kernel/errors/index.js';

/**
 * The text of a file, or of the standard input for `-`. Throws `input-invalid` where there is no such file, and
 * `storage-failed` where it cannot be read.
 */
export async function readInput(file: string, stdin: NodeJS.ReadableStream = process.stdin): Promise<string> {
  try {
    return file === '-' ? await text(stdin) : await readFile(file, 'utf8');
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOENT') || isSystemError(thrown, 'EISDIR')) {
      const what = isSystemError(thrown, 'ENOENT') ? 'There is no file' : 'It is a folder, not a file:';
      throw new StarlingError('input-invalid', `${what} ${file}. Name another file.`, {
        cause: thrown,
        details: { file },
      });
    }
    throw StarlingError.from(thrown, 'storage-failed', `${file} could not be read`);
  }
}
