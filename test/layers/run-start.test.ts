import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { findImports } from './find-imports.js';

const program = resolve('dist/systems/exchange/runs/child.js');

/**
 * Each run is a process that starts, and two cores start only so many: a barrel that brings in the schemas once made the start
 * four times as dear. What is required later, when it is needed, does not count.
 */
it('starts a run with few libraries: neither schemas, nor signatures, nor matrices', () => {
  const files = new Set([program]);
  const libraries = new Set<string>();
  for (const file of files) {
    for (const { specifier = '', isStatic } of findImports(readFileSync(file, 'utf8'), file)) {
      if (!isStatic) continue;
      if (specifier.startsWith('.')) files.add(join(dirname(file), specifier));
      else if (!specifier.startsWith('node:')) libraries.add(specifier);
    }
  }
  expect([...files].filter((file) => !existsSync(file))).toEqual([]);
  expect(files.size).toBeGreaterThan(30);
  expect([...libraries]).toEqual(['@datadog/sketches-js']);
});
