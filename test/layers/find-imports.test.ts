import { describe, expect, it } from 'vitest';
import { findImports } from './find-imports.js';

const specifiers = (source: string) => findImports(source).map((found) => found.specifier);

describe('findImports', () => {
  it.each([
    [`import { a } from './a.js';`],
    [`import type { A } from './a.js';`],
    [`import { type A } from './a.js';`],
    [`import * as a from './a.js';`],
    [`import './a.js';`],
    [`export { a } from './a.js';`],
    [`export type { A } from './a.js';`],
    [`export * from './a.js';`],
    [`const a = await import('./a.js');`],
    ['const a = await import(`./a.js`);'],
    [`const text = \`\${(await import("./a.js")).a}\`;`],
    [`type A = import('./a.js').A;`],
    [`let a: typeof import('./a.js');`],
    [`import a = require('./a.js');`],
    [`const a = require('./a.js');`],
  ])('finds the module in %s', (source) => {
    expect(specifiers(source)).toEqual(['./a.js']);
  });

  it('tells of a module that is computed', () => {
    expect(specifiers(`await import(\`./\${name}.js\`); await import(name);`)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('takes nothing from comments, strings, templates and regular expressions', () => {
    const source = `
      // import './a.js';
      /* import './a.js'; */
      const string = "import './a.js'";
      const template = \`import './a.js'\`;
      const pattern = /import '.\\/a.js'/;
      export const a = 1;
      export { string, template, pattern };
    `;
    expect(specifiers(source)).toEqual([]);
  });

  it('tells the line', () => {
    expect(findImports(`\nimport a from 'a';\n\nconst b = import('b');`)).toEqual([
      { specifier: 'a', line: 2, isStatic: true },
      { specifier: 'b', line: 4, isStatic: false },
    ]);
  });

  it('throws where a file cannot be read', () => {
    expect(() => findImports('import {')).toThrow('Expected `}`');
  });
});
