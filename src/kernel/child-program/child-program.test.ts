import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { childProgram } from './child-program.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'starling-child-program-'));
  writeFileSync(join(root, 'package.json'), '{}');
  for (const folder of ['src', 'dist']) mkdirSync(join(root, folder, 'a'), { recursive: true });
  writeFileSync(join(root, 'dist', 'a', 'x-child.js'), '');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const url = (...path: string[]) => pathToFileURL(join(root, ...path)).href;

describe('childProgram', () => {
  it('gives a compiled module the file beside it', () => {
    expect(childProgram(url('dist', 'a', 'x.js'), './x-child.js')).toBe(
      join(root, 'dist', 'a', 'x-child.js'),
    );
  });

  it('gives a module that runs from its source the compiled counterpart', () => {
    expect(childProgram(url('src', 'a', 'x.ts'), './x-child.js')).toBe(join(root, 'dist', 'a', 'x-child.js'));
  });

  it('follows a path to another folder', () => {
    mkdirSync(join(root, 'src', 'b'));
    expect(childProgram(url('src', 'b', 'y.ts'), '../a/x-child.js')).toBe(
      join(root, 'dist', 'a', 'x-child.js'),
    );
  });

  it('says what to run where the program was not compiled', () => {
    expect(() => childProgram(url('src', 'a', 'x.ts'), './other.js')).toThrow(
      /other\.js is not there\. Run "npm run build"/,
    );
  });

  it('refuses a source outside src', () => {
    expect(() => childProgram(url('bench', 'x.ts'), './x-child.js')).toThrow(/not below .*src/);
  });
});
