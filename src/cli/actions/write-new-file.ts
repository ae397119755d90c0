import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isSystemError, StarlingError } from '../../kernel/errors/index.js';

/** Writes a file that is not there yet, with its folder; a `secret` is readable by its owner alone. Throws `input-invalid`. */
export async function writeNewFile(file: string, content: string, kind: 'public' | 'secret'): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o755 });
    const handle = await open(file, 'wx', kind === 'secret' ? 0o600 : 0o644);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    if (isSystemError(thrown, 'EEXIST')) {
      const message = `${file} is there already. Name another folder with --out, or move it away.`;
      throw new StarlingError('input-invalid', message, { cause: thrown, details: { file } });
    }
    throw StarlingError.from(thrown, 'storage-failed', `${file} could not be written`);
  }
}
