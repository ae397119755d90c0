import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../clients/python/', import.meta.url));

interface Ended {
  readonly error: Error | null;
  readonly said: string;
}

function python(...words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile('python3', words, { cwd: folder }, (error, _, said) => resolve({ error, said }));
  });
}

const isOldEnough = 'import sys; sys.exit(sys.version_info < (3, 9))';
const isThere = (await python('-c', isOldEnough)).error === null;
if (!isThere) console.log('Skipped: there is no python3 of 3.9 or later, which the Python client needs.');

describe.skipIf(!isThere)('the Python client', { timeout: 400_000 }, () => {
  it('passes its own tests, and its examples run', async () => {
    const { error, said } = await python('-m', 'unittest', '--verbose');
    for (const [, reason] of said.matchAll(/skipped '(.*)'/g)) console.log(`Skipped: ${reason}.`);
    expect(error === null ? '' : said).toBe('');
    expect(Number(/^Ran (\d+) tests/m.exec(said)?.[1])).toBeGreaterThan(30);
  });
});
