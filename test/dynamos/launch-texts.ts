import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LaunchFileName, launchFileNames } from '../../src/systems/exchange/dynamos/index.js';

/** The folder of DYNAMOS's own launch files. */
export const launchFolder = join(import.meta.dirname, 'launch-files');

/** Their texts, with some replaced. */
export function launchTexts(
  changed: Partial<Record<LaunchFileName, string>> = {},
): Partial<Record<LaunchFileName, string>> {
  const texts = launchFileNames.map((name) => [name, readFileSync(join(launchFolder, name), 'utf8')]);
  return { ...Object.fromEntries(texts), ...changed };
}
