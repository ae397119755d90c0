import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StarlingError } from '../errors/index.js';

/**
 * The absolute path of a program of our own that is to run in a child process: `relativePath` (`./x-child.js`)
 * beside the module whose `import.meta.url` is given.
 *
 * Node runs compiled files only. A module that runs from `src/**.ts`, as under vitest, gets the counterpart in
 * `dist/`, which `npm run build` writes; nowhere else does code depend on where it runs from.
 * Throws `internal` where the file is not there.
 */
export function childProgram(importMetaUrl: string, relativePath: string): string {
  const beside = fileURLToPath(new URL(relativePath, importMetaUrl));
  const program = new URL(importMetaUrl).pathname.endsWith('.ts') ? compiledCounterpart(beside) : beside;
  if (!existsSync(program)) {
    throw new StarlingError(
      'internal',
      `The program ${program} is not there. Run "npm run build" and try again.`,
    );
  }
  return program;
}

function compiledCounterpart(file: string): string {
  const root = packageFolder(dirname(file));
  const [first, ...rest] = relative(root, file).split(sep);
  if (first !== 'src') {
    throw new StarlingError(
      'internal',
      `${file} is not below ${join(root, 'src')}, so it has no compiled counterpart.`,
    );
  }
  return join(root, 'dist', ...rest);
}

function packageFolder(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) {
    throw new StarlingError(
      'internal',
      'There is no package.json above the program. Install Starling again.',
    );
  }
  return packageFolder(parent);
}
