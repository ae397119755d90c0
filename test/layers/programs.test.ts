import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const list: unknown = await import(join(root, 'build/programs.mjs'));
const { programs } = list as { readonly programs: readonly string[] };

it('bundles every program that is started by its path, and no other', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
  );
  const started = files.flatMap((path) =>
    [...readFileSync(join(root, 'src', path), 'utf8').matchAll(/childProgram\('([^']+)\.js'\)/g)].map(
      ([, program = '']) => program,
    ),
  );
  expect([...new Set(started)].sort()).toEqual(programs);
});

it('is named by the package as it is built', () => {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(manifest).toMatchObject({ bin: { starling: 'dist/cli/main.js' } });
  expect(programs).toContain('cli/main');
});
