// Runs the guides, and leaves nothing of their machines behind, however the run ends.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanUp } from '../faults/clean-up.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = `guide-${randomBytes(2).toString('hex')}`;
const folder = join(tmpdir(), `starling-${run}`);
mkdirSync(folder);
const words = [
  join(root, 'node_modules/vitest/vitest.mjs'),
  'run',
  'test/guides',
  '--disable-console-intercept',
];
const child = spawn(process.execPath, words, {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, STARLING_GUIDES: '1', STARLING_FAULTS_RUN: run, TMPDIR: folder },
  // so that Ctrl-C comes to this process alone, which ends the other
  detached: true,
});
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    interrupted = true;
    child.kill('SIGTERM');
  });
const status = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
const left = cleanUp(run, folder);
rmSync(folder, { recursive: true, force: true });
// what was interrupted leaves something, and nothing else does
if (!interrupted) for (const problem of left) console.error(problem);
process.exit(status !== 0 || interrupted || left.length > 0 ? 1 : 0);
