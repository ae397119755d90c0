// Runs a suite of faults as large as is wanted: `npm run faults -- tasks --seed 7 --tasks 2000 --workers 4`.
// A suite is a folder here with a test of its name; its options are in its README.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const usage =
  'Usage: npm run faults -- SUITE [--seed N] [--tasks N] [--workers N] [--faults N] [--leaseMs N]';
const root = fileURLToPath(new URL('../..', import.meta.url));
const [suite = '', ...words] = process.argv.slice(2);
const test = `test/faults/${suite}/${suite}.test.ts`;
if (!/^[a-z-]+$/.test(suite) || !existsSync(`${root}${test}`))
  stop(`There is no suite ${JSON.stringify(suite)}.`);

const settings = {};
for (let at = 0; at < words.length; at += 2) {
  const [, name] = /^--(\w+)$/.exec(words[at]) ?? [];
  if (name === undefined || words[at + 1] === undefined) stop(`${words[at]} is no option with a value.`);
  settings[name] = words[at + 1];
}
const child = spawn(process.execPath, [`${root}node_modules/vitest/vitest.mjs`, 'run', test], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, STARLING_FAULTS: JSON.stringify(settings) },
});
child.on('exit', (status) => process.exit(status ?? 1));

function stop(problem) {
  console.error(`${problem}\n${usage}`);
  process.exit(2);
}
