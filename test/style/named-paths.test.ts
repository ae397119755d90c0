import { describe, expect, it } from 'vitest';
import { findMissingPaths } from './named-paths.js';

const there = new Set(['docs/errors.md', 'docs/design', 'src/kernel/errors/codes.ts', 'README.md']);
const missing = (text: string, path = 'docs/guide.md') =>
  findMissingPaths({ path, text }, (named) => there.has(named.replace(/\/$/, '')));

describe('findMissingPaths', () => {
  it('looks for links beside the page', () => {
    expect(missing('[a](errors.md) [b](./errors.md#internal) [c](../README.md) [d](design/)')).toEqual([]);
    expect(missing('[a](absent.md) ![b](../docs/absent.png "title")')).toEqual([
      'absent.md',
      '../docs/absent.png',
    ]);
  });

  it('looks for headings on the page', () => {
    expect(missing('# Who, what & why\n[a](#who-what--why) [b](#absent)')).toEqual(['#absent']);
  });

  it('leaves other sites alone', () => {
    expect(missing('[a](https://example.org/x.md) [b](mailto:a@example.org)')).toEqual([]);
  });

  it('looks for files in backquotes, beside the page and from the root', () => {
    expect(missing('`src/kernel/errors/codes.ts` `errors.md` `docs/errors.md`')).toEqual([]);
    expect(missing('`codes.ts`', 'src/kernel/errors/README.md')).toEqual([]);
    expect(missing('`src/absent` `codes.ts`')).toEqual(['src/absent', 'codes.ts']);
  });

  it('takes no pattern, command, other code or fenced block for a file', () => {
    const text =
      '`src/**/*.ts` `src/<name>/x.ts` `npm test` `x.y` `/api/v1` `.ts`\n```\n[a](absent.md) `src/absent`\n```\n';
    expect(missing(text)).toEqual([]);
  });
});
