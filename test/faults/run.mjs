// Runs suites of faults as large as is wanted; `--help` says how. A suite is a folder here with a test of its name.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanUp } from './clean-up.mjs';

const suites = {
  state: 'readers, writers and holders of locks, whose calls have to come in one order (local, etcd)',
  queue:
    'publishers and workers: nothing published is lost, nothing done comes again (local, nats, nats-alone)',
  exchange:
    'requests and changes of agreements while gateways, agents and links fail: right and allowed answers or none (local, etcd)',
  hosts:
    'instances on three hosts that fail, are drained and scaled: each slot once, each file with one result (local, etcd)',
  tasks: 'files that are uploaded and worked on: exactly one result each (local, etcd)',
};
const usage = `Usage: npm run faults -- SUITE [options]

Suites:
${Object.entries(suites)
  .map(([name, what]) => `  ${name.padEnd(10)}${what}`)
  .join('\n')}
  ${'all'.padEnd(10)}one after the other

Options:
  --operations N   how many operations there are at least; few unless given
  --minutes N      how long it goes on, instead
  --seed N         decides what is asked and which faults come after how many operations; what the machine does in between is its own
  --engine NAME    only on that engine; on all that are there unless given
  --report FILE    adds what each run came to, a line of JSON each
  --json           prints the same instead of tables

  npm run faults -- state --engine etcd --operations 10000 --seed 7
  npm run faults -- all --operations 10000 --report faults.jsonl

Exit status: 0 where every promise was kept, 1 where one was not, 2 where the options are wrong.`;

const root = fileURLToPath(new URL('../..', import.meta.url));
const [suite, ...words] = process.argv.slice(2);
if (suite === undefined || suite === '--help' || words.includes('--help')) {
  console.log(usage);
  process.exit(0);
}
if (suite !== 'all' && !Object.hasOwn(suites, suite)) stop(`There is no suite ${JSON.stringify(suite)}.`);
const { json, report, ...settings } = optionsOf(words);

const run = randomBytes(4).toString('hex');
const folder = join(tmpdir(), `starling-faults-${run}`);
mkdirSync(folder);
const written = join(folder, 'report.jsonl');
let interrupted = false;
let running;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    interrupted = true;
    running?.kill('SIGTERM');
  });

let failed = false;
try {
  for (const name of suite === 'all' ? Object.keys(suites) : [suite]) {
    if (!interrupted) failed = (await runSuite(name)) !== 0 || failed;
  }
} finally {
  const reports = existsSync(written) ? readFileSync(written, 'utf8') : '';
  if (json) process.stdout.write(reports);
  if (report !== undefined) writeFileSync(report, reports, { flag: 'a' });
  const left = cleanUp(run, folder);
  rmSync(folder, { recursive: true, force: true });
  // what was interrupted leaves something, and nothing else does
  if (interrupted)
    console.error(`Interrupted; ${left.length} processes, networks and disks of the run were removed.`);
  else for (const problem of left) console.error(problem);
  failed ||= left.length > 0;
}
process.exit(failed || interrupted ? 1 : 0);

/** Runs the test of a suite; resolves with its status. All that it makes bears the name of the run, or is in its folder. */
function runSuite(name) {
  const test = `test/faults/${name}/${name}.test.ts`;
  const environment = {
    STARLING_FAULTS: JSON.stringify(settings),
    STARLING_FAULTS_REPORT: written,
    STARLING_FAULTS_RUN: run,
    TMPDIR: folder,
  };
  running = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', test], {
    cwd: root,
    stdio: json ? ['ignore', 'ignore', 'inherit'] : ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
    // so that Ctrl-C comes to this process alone, which ends the other
    detached: true,
  });
  return new Promise((resolve) => running.on('exit', (status) => resolve(status ?? 1)));
}

function optionsOf(given) {
  const options = { json: false };
  const left = [...given];
  while (left.length > 0) {
    const word = left.shift();
    const [, name] = /^--(operations|minutes|seed|engine|report|json)$/.exec(word) ?? [];
    if (name === undefined) stop(`There is no option ${JSON.stringify(word)}.`);
    if (name === 'json') options.json = true;
    else options[name] = left.shift() ?? stop(`${word} needs a value.`);
    if (['operations', 'minutes', 'seed'].includes(name) && !(Number(options[name]) >= 0))
      stop(`${word} is ${JSON.stringify(options[name])}. Give a number.`);
  }
  return options;
}

function stop(problem) {
  console.error(`${problem}\n\n${usage}`);
  process.exit(2);
}
