import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findImports } from './find-imports.js';

/**
 * Each run is a process that starts, as is each command, and two cores start only so many: a barrel that brought in the
 * schemas once made the start of a run four times as dear. What is loaded later, when it is needed, does not count.
 */
describe('what is loaded before the first line runs', () => {
  it.each([
    ['a run', 'systems/exchange/runs/child.js', ['@datadog/sketches-js']],
    ['a command', 'cli/main.js', ['commander']],
    ['starling ask', 'cli/actions/ask.js', []],
    ['a worker', 'systems/tasks/worker/work-on-photos.js', ['zod']],
    ["a host's watchdog", 'runtime/hosts/host/watchdog-child.js', []],
  ])('of %s is its own, and few libraries', (_, program, expected) => {
    const files = new Set([resolve('dist', program)]);
    const libraries = new Set<string>();
    for (const file of files) {
      for (const { specifier = '', isStatic } of findImports(readFileSync(file, 'utf8'), file)) {
        if (!isStatic) continue;
        if (specifier.startsWith('.')) files.add(join(dirname(file), specifier));
        else if (!specifier.startsWith('node:')) libraries.add(specifier);
      }
    }
    expect([...files].filter((file) => !existsSync(file))).toEqual([]);
    expect([...libraries]).toEqual(expected);
  });
});
