import { writeFile } from 'node:fs/promises';
import { isSystemError, StarlingError } from '../../kernel/errors/index.js';

/** Writes a configuration file; replaces one only where `force` is given. Throws `input-invalid`, `storage-failed`. */
export async function writeConfiguration(file: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (thrown) {
    throw writeFailure(thrown, file);
  }
}

function writeFailure(thrown: unknown, file: string): StarlingError {
  const refuse = (message: string) =>
    new StarlingError('input-invalid', message, { cause: thrown, details: { file } });
  if (isSystemError(thrown, 'EEXIST')) {
    return refuse(`${file} is there already. Name another file, or replace it with --force.`);
  }
  if (isSystemError(thrown, 'ENOENT')) {
    return refuse(`The folder of ${file} is not there. Make it, or name another file.`);
  }
  if (isSystemError(thrown, 'EISDIR')) return refuse(`${file} is a folder. Name a file in it.`);
  return StarlingError.from(thrown, 'storage-failed', `${file} could not be written`);
}
