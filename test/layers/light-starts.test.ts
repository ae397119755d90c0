import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findImports } from './find-imports.js';

const dist = resolve(import.meta.dirname, '../../dist');
const chunks = readdirSync(join(dist, 'chunks'))
  .filter((name) => name.endsWith('.js'))
  .map((name) => join(dist, 'chunks', name));

/** The built file that holds a module: a bundle says at the head of each module's part where it comes from. */
function fileWith(module: string): string {
  const files = [...chunks, join(dist, module.replace(/\.ts$/, '.js'))];
  const holding = files.filter((file) => modulesIn(readFileSync(file, 'utf8')).includes(`src/${module}`));
  expect(holding).toHaveLength(1);
  return holding[0] ?? '';
}

function modulesIn(source: string): string[] {
  return [...source.matchAll(/^\/\/ ((?:src|node_modules)\/\S+)$/gm)].map(([, module = '']) => module);
}

function libraryOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

const duckdb = ['@duckdb/node-api', '@duckdb/node-bindings'];
const protobufParts = ['aspromise', 'base64', 'eventemitter', 'float', 'pool', 'utf8'].map(
  (part) => `@protobufjs/${part}`,
);

/**
 * Each run is a process that starts, as is each command, and two cores start only so many: a barrel that brought in the
 * schemas once made the start of a run four times as dear. What is loaded later, when it is needed, does not count.
 */
describe('what is loaded before the first line runs', () => {
  it.each([
    [
      'a run',
      'systems/exchange/runs/child.ts',
      // what the sketches are written with
      [...duckdb, '@datadog/sketches-js', 'protobufjs', ...protobufParts, 'long'].sort(),
    ],
    ['an import', 'systems/exchange/data/import/import-child.ts', duckdb],
    ['a command', 'cli/main.ts', ['commander']],
    ['starling ask', 'cli/actions/ask.ts', []],
    ['a worker', 'systems/tasks/worker/work-on-photos.ts', ['zod']],
    ["a host's watchdog", 'runtime/hosts/host/watchdog-child.ts', []],
  ])('of %s is its own, and few libraries', (_, module, expected) => {
    const files = new Set([fileWith(module)]);
    const libraries = new Set<string>();
    for (const file of files) {
      const source = readFileSync(file, 'utf8');
      for (const one of modulesIn(source)) {
        if (one.startsWith('node_modules/')) libraries.add(libraryOf(one.slice('node_modules/'.length)));
      }
      for (const [, name = ''] of source.matchAll(/__require\("([^"]+)"\)/g)) {
        if (name.startsWith('@')) libraries.add(libraryOf(name));
      }
      for (const { specifier = '', isStatic } of findImports(source, file)) {
        if (!isStatic) continue;
        if (specifier.startsWith('.')) files.add(join(dirname(file), specifier));
        else if (!specifier.startsWith('node:')) libraries.add(libraryOf(specifier));
      }
    }
    expect([...libraries].sort()).toEqual(expected);
  });
});
