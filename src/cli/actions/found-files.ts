import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { isSystemError, StarlingError } from '../../kernel/errors/index.js';

/** A file to be uploaded. */
export interface FoundFile {
  readonly path: string;
  /** What it is called within its batch: its path below the folder that was named, with `/`. */
  readonly name: string;
  readonly bytes: number;
  readonly mediaType: string;
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.gif': 'image/gif',
  '.avif': 'image/avif',
};

/**
 * The files that paths name: themselves, all below a folder, and what a pattern with `*`, `**` or `?` fits, by name; hidden
 * ones within folders are left out. Throws `input-invalid` where a path is not there, nothing is found, or two files would
 * have one name.
 */
export async function foundFiles(paths: readonly string[]): Promise<readonly FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    for (const file of await filesOf(path)) {
      const other = found.get(file.name);
      if (other !== undefined && other.path !== file.path) {
        const message = `${other.path} and ${file.path} would both be called ${file.name}. Upload them in two batches.`;
        throw new StarlingError('input-invalid', message);
      }
      found.set(file.name, file);
    }
  }
  if (found.size === 0)
    throw new StarlingError(
      'input-invalid',
      `There is no file in ${paths.join(', ')}. Name files or folders with some.`,
    );
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function filesOf(path: string): Promise<FoundFile[]> {
  try {
    const info = await stat(path);
    return info.isDirectory() ? await filesBelow(path) : [fileAt(path, basename(path), info.size)];
  } catch (cause) {
    if (!isSystemError(cause, 'ENOENT'))
      throw StarlingError.from(cause, 'input-invalid', `${path} cannot be read`);
    // a name with a star may be a file's, so that comes first
    const [plain, ...pattern] = path.split(/(?<=^|\/)(?=[^/]*[*?])/);
    if (pattern.length === 0)
      throw new StarlingError('input-invalid', `${path} is not there. Name files or folders that are.`, {
        cause,
      });
    const folder = plain === '' || plain === undefined ? '.' : plain;
    const fits = patternOf(pattern.join(''));
    return (await filesBelow(folder)).filter(({ name }) => fits.test(name));
  }
}

async function filesBelow(folder: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const named = paths.map((path) => ({ path, name: relative(folder, path).split(sep).join('/') }));
  const shown = named.filter(({ name }) => !/(^|\/)\./.test(name));
  return Promise.all(shown.map(async ({ path, name }) => fileAt(path, name, (await stat(path)).size)));
}

function fileAt(path: string, name: string, bytes: number): FoundFile {
  return {
    path,
    name,
    bytes,
    mediaType: mediaTypes[extname(path).toLowerCase()] ?? 'application/octet-stream',
  };
}

/** `*` and `?` stay within a folder, `**` goes through all. */
function patternOf(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|[^*?]+/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : part.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}
