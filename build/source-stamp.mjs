import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What `dist` is built from besides `src`: the lock file tells of libraries. */
const besides = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

/**
 * Sizes and times of everything that a build reads, as one short text: equal for as long as no file came, went or was written.
 *
 * @param {string} root the package's folder
 */
export function sourceStamp(root) {
  const hash = createHash('sha256').update(process.version);
  const files = ['src', 'build'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of [...files.sort(), ...besides.map((name) => join(root, name))]) {
    const stats = statSync(file, { throwIfNoEntry: false });
    hash.update(`${file} ${stats?.size} ${stats?.mtimeMs}\n`);
  }
  return hash.digest('hex');
}
