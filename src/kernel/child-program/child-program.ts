import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StarlingError } from '../errors/index.js';

/**
 * The absolute path of a program of our own that is to run in a process or a thread of its own, by its path below `dist/`
 * (`systems/exchange/runs/child.js`); `build/programs.mjs` lists them.
 *
 * Whoever starts it may run from `src/`, as under vitest, or from a bundle: neither says where another program is, so
 * that it is looked up from the package. Throws `internal` where the file is not there.
 */
export function childProgram(program: string): string {
  const file = join(packageFolder(), 'dist', program);
  if (existsSync(file)) return file;
  throw new StarlingError('internal', `The program ${file} is not there. Run "npm run build" and try again.`);
}

/** The folder of Starling's package: the nearest above this file with a `package.json`. Throws `internal`. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) {
      const message = 'There is no package.json above the program. Install Starling again.';
      throw new StarlingError('internal', message);
    }
    folder = parent;
  }
  return folder;
}
