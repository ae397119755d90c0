import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkLayers, type SourceFile } from './check-layers.js';

function readTree(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .sort()
    .map((path) => ({
      path: path.replaceAll(sep, '/'),
      source: readFileSync(join(folder, path), 'utf8'),
    }));
}

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

describe('the dependency rule', () => {
  it('is kept by every file of the project', () => {
    const files = readTree(folder('../../src/'));
    // A check that sees nothing must not pass.
    expect(files.length).toBeGreaterThan(40);
    expect(new Set(files.map((file) => file.path.split('/')[0]))).toContain('kernel');
    expect(checkLayers(files)).toEqual([]);
  });

  it('is seen to be broken in each way in which it can be', () => {
    const files = readTree(folder('fixture/'));
    expect(files).toHaveLength(23);
    const found = checkLayers(files).map(({ path, line, message }) => `${path}:${line} ${message}`);
    expect(found).toEqual([
      'coordinator/imports-runtime.ts:1 coordinator may not import runtime (../runtime/allowed.js)',
      'gateway/imports-cli.ts:1 gateway may not import cli (../cli/allowed.js)',
      'kernel/imports-absent.ts:1 ./absent.js leads out of src or to no file',
      'kernel/imports-coordinator.ts:1 kernel may not import coordinator (../coordinator/allowed.js)',
      'kernel/leaves-src.ts:1 ../../check-layers.js leads out of src or to no file',
      'runtime/imports-system.ts:1 runtime may not import systems/one (../systems/one/allowed.js)',
      'shared/unknown-layer.ts:1 shared/unknown-layer.ts is in no layer: kernel, runtime, coordinator, systems, gateway, cli',
      'systems/loose.ts:1 systems/loose.ts is in no layer: kernel, runtime, coordinator, systems, gateway, cli',
      'systems/two/imports-computed.ts:1 the module is computed and cannot be checked',
      'systems/two/imports-gateway.ts:1 systems/two may not import gateway (../../gateway/allowed.js)',
      'systems/two/imports-system-dynamically.ts:1 systems/two may not import systems/one (../one/allowed.js)',
      'systems/two/imports-system-in-type.ts:1 systems/two may not import systems/one (../one/allowed.js)',
      'systems/two/imports-system-type.ts:1 systems/two may not import systems/one (../one/allowed.js)',
      'systems/two/imports-system.ts:1 systems/two may not import systems/one (../one/allowed.js)',
      'kernel/cycle/c.ts:1 imports go round: kernel/cycle/a.ts → kernel/cycle/b.ts → kernel/cycle/c.ts → kernel/cycle/a.ts',
    ]);
  });
});
