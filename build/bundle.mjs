import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { bundledLibraries, nativeLibraries, programs } from './programs.mjs';

/** Where code goes that several programs share, or that one loads later. */
const shared = 'chunks';

/**
 * Makes one file of each program, and of each part that it shares with others or loads later, in `dist`; readable, with
 * source maps beside them. A file that is the same as before is left alone, and another takes its place at once, so
 * that what runs meanwhile never finds half of one.
 *
 * @param {string} root the package's folder
 */
export async function bundle(root) {
  const bundler = await rolldown({
    cwd: root,
    input: Object.fromEntries(programs.map((program) => [program, `src/${program}.ts`])),
    platform: 'node',
    external: isExternal,
    logLevel: 'warn',
    onLog(_level, log) {
      throw new Error(log.message);
    },
  });
  const { output } = await bundler.generate({
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: `${shared}/[name].js`,
    sourcemap: true,
  });
  await bundler.close();
  const dist = join(root, 'dist');
  for (const file of output)
    await put(join(dist, file.fileName), file.type === 'chunk' ? file.code : file.source);
  const written = new Set(output.map(({ fileName }) => fileName));
  for (const name of await readdir(join(dist, shared)))
    if (!written.has(`${shared}/${name}`)) await rm(join(dist, shared, name));
  await chmod(join(dist, 'cli/main.js'), 0o755);
}

/** Whether a module stays where it is installed; what a bundled library needs goes with it. */
function isExternal(id, importer, isResolved) {
  if (isResolved || /^[./]/.test(id)) return false;
  if (importer?.includes('/node_modules/')) return nativeLibraries.includes(id);
  return !bundledLibraries.some((library) => id === library || id.startsWith(`${library}/`));
}

async function put(file, content) {
  const before = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (before === content) return;
  await mkdir(dirname(file), { recursive: true });
  const next = `${file}.${process.pid}`;
  await writeFile(next, content);
  await rename(next, file);
}
