import { describe, expect, it } from 'vitest';
import { readPage } from './read-page.js';

const page = `# A guide

\`\`\`ini m1,m2:conf/a.ini
a = 1

b = 2
\`\`\`

Text with \`m1$ no command\`.

\`\`\`yaml
shown: but no step
\`\`\`

\`\`\`console
m1$ starling up \\
  --data x > log &
m1,m2$ cat log
one
two
vu$ true
\`\`\`
`;

describe('a page', () => {
  it('is files and commands with their output, in its order', () => {
    expect(readPage(page)).toEqual([
      { kind: 'file', machines: ['m1', 'm2'], path: 'conf/a.ini', content: 'a = 1\n\nb = 2\n', line: 3 },
      {
        ...{ kind: 'command', machines: ['m1'], isBackground: true, output: [], line: 16 },
        command: 'starling up \\\n  --data x > log',
      },
      {
        ...{ kind: 'command', machines: ['m1', 'm2'], command: 'cat log', isBackground: false },
        ...{ output: ['one', 'two'], line: 18 },
      },
      {
        ...{ kind: 'command', machines: ['vu'], command: 'true', isBackground: false },
        ...{ output: [], line: 21 },
      },
    ]);
  });

  it('has no output without a command', () => {
    expect(() => readPage('```console\nhello\n```')).toThrow('Line 2 is output without a command: hello');
  });
});
