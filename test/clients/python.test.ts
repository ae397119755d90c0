import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../clients/python/', import.meta.url));

function python(...words: readonly string[]) {
  return spawnSync('python3', words, { cwd: folder, encoding: 'utf8' });
}

const isOldEnough = 'import sys; sys.exit(sys.version_info < (3, 9))';
const isThere = python('-c', isOldEnough).status === 0;
if (!isThere) console.log('Skipped: there is no python3 of 3.9 or later, which the Python client needs.');

describe.skipIf(!isThere)('the Python client', { timeout: 400_000 }, () => {
  it('passes its own tests, and its examples run', () => {
    const { status, stderr } = python('-m', 'unittest', '--verbose');
    for (const [, skipped] of stderr.matchAll(/skipped '(.*)'/g)) console.log(`Skipped: ${skipped}.`);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(Number(/^Ran (\d+) tests/m.exec(stderr)?.[1])).toBeGreaterThan(30);
  });
});
