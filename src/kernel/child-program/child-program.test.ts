import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { childProgram, packageFolder } from './child-program.js';

const root = resolve(import.meta.dirname, '../../..');

it('finds the package from wherever it runs', () => {
  expect(packageFolder()).toBe(root);
});

it('gives the built file of a program', () => {
  expect(childProgram('cli/main.js')).toBe(resolve(root, 'dist/cli/main.js'));
});

it('says what to run where the program was not built', () => {
  expect(() => childProgram('cli/other.js')).toThrow(/other\.js is not there\. Run "npm run build"/);
});
