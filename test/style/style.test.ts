import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findMissingPaths } from './named-paths.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Paths below `folder`, relative to the root. */
function below(folder: string): { files: string[]; folders: string[] } {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const pathOf = (entry: (typeof entries)[number]) =>
    join(entry.parentPath, entry.name).slice(root.length).split(sep).join('/');
  return {
    files: entries.filter((entry) => entry.isFile()).map(pathOf),
    folders: entries.filter((entry) => entry.isDirectory()).map(pathOf),
  };
}

const source = below('src');

describe('the source tree', () => {
  it('was seen', () => {
    expect(source.files).toContain('src/kernel/errors/codes.ts');
    expect(source.folders).toContain('src/kernel/errors');
  });

  it('has no file or folder whose name says nothing of what is in it', () => {
    const empty = /^(.*-)?(utils?|helpers?)$|^(common|misc)$/;
    const names = [...source.files, ...source.folders];
    expect(names.filter((path) => empty.test(posix.basename(path).split('.')[0] ?? ''))).toEqual([]);
  });

  it('has a README.md in every folder', () => {
    expect(source.folders.filter((folder) => !source.files.includes(`${folder}/README.md`))).toEqual([]);
  });
});

describe('the pages', () => {
  const pages = [
    'README.md',
    ...[...below('docs').files, ...source.files].filter((path) => path.endsWith('.md')),
  ];

  it('were seen', () => {
    expect(pages).toContain('docs/errors.md');
    expect(pages).toContain('src/kernel/errors/README.md');
  });

  it.each(pages)('%s names only what is there', (path) => {
    const text = readFileSync(join(root, path), 'utf8');
    expect(findMissingPaths({ path, text }, (named) => existsSync(join(root, named)))).toEqual([]);
  });
});
