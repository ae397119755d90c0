// Builds `dist`: modules and their types by TypeScript, and over them the programs as bundles. `--if-changed` does nothing
// where what is built from is as it was.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sourceStamp } from './source-stamp.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, 'dist/.source-stamp');
const stamp = sourceStamp(root);
const isBuilt = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;

if (!(isBuilt && process.argv.includes('--if-changed'))) {
  // a build that fails half-way leaves nothing that counts as built
  rmSync(stampFile, { force: true });
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  const { bundle } = await import('./bundle.mjs');
  await bundle(root);
  writeFileSync(stampFile, stamp);
}
