import { open } from 'node:fs/promises';
import { isSystemError, StarlingError } from '../../../kernel/errors/index.js';
import { type Configuration, loadConfiguration } from './load.js';

/** Bytes that a configuration file may have. */
export const maxConfigurationBytes = 4 * 1024 * 1024;

/**
 * Reads a configuration file (UTF-8). Throws `configuration-invalid` where it is not there, is not UTF-8 or has
 * faults, `input-too-large` where it has more than 4 MiB, and `storage-failed` where it cannot be read.
 */
export async function readConfigurationFile(fileName: string): Promise<Configuration> {
  const bytes = await readBounded(fileName);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = `${fileName} is not UTF-8 text; save it as UTF-8.`;
    throw new StarlingError('configuration-invalid', message, { cause, details: { file: fileName } });
  }
  return loadConfiguration(text, fileName);
}

async function readBounded(fileName: string): Promise<Uint8Array> {
  try {
    const file = await open(fileName, 'r');
    try {
      const { size } = await file.stat();
      if (size > maxConfigurationBytes) throw tooLarge(fileName);
      const bytes = await file.readFile();
      if (bytes.byteLength > maxConfigurationBytes) throw tooLarge(fileName);
      return bytes;
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (!isSystemError(thrown, 'ENOENT')) {
      throw StarlingError.from(thrown, 'storage-failed', `${fileName} could not be read`);
    }
    const message = `There is no file ${fileName}. Name another file, or write an example with \`starling init\`.`;
    throw new StarlingError('configuration-invalid', message, { cause: thrown, details: { file: fileName } });
  }
}

function tooLarge(fileName: string): StarlingError {
  const message = `${fileName} is larger than 4 MiB, the most that a configuration may have. Remove what is not used, or put agreements through the API instead.`;
  return new StarlingError('input-too-large', message, {
    details: { file: fileName, maxConfigurationBytes },
  });
}
