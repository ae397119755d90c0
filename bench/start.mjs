// (c) From `npm start` to the first answer on a new folder, and the resident size of daemon and warm processes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { childrenOf, residentMegabytes } from './daemon.mjs';
import { median, table } from './figures.mjs';

const rounds = Number(process.env.ROUNDS ?? 7);
const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist/cli/main.js');

async function start(command, args, fresh) {
  const folder = fresh ?? (await mkdtemp(join(tmpdir(), 'starling-bench-')));
  const began = performance.now();
  const daemon = spawn(command, [...args, '--port', '0', '--data', folder], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let up;
  let answered;
  for await (const line of createInterface({ input: daemon.stdout })) {
    const now = performance.now() - began;
    if (line.includes('Starling is up')) up = now;
    if (answered === undefined && /was answered in/.test(line)) answered = now;
    if (line.includes('Stop with')) break;
  }
  return {
    up,
    answered,
    folder,
    pid: daemon.pid,
    async stop() {
      process.kill(-daemon.pid, 'SIGTERM');
      await once(daemon, 'exit');
    },
  };
}

const npmStarts = [];
const starts = [];
const restarts = [];
const daemons = [];
const children = [];
for (let round = 0; round < rounds; round += 1) {
  const byNpm = await start('npm', ['start', '--silent', '--']);
  await byNpm.stop();
  await rm(byNpm.folder, { recursive: true, force: true });
  npmStarts.push(byNpm.answered);
  const direct = await start(process.execPath, [main, 'up', '--example']);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  daemons.push(residentMegabytes(direct.pid));
  children.push(...childrenOf(direct.pid).map(residentMegabytes));
  await direct.stop();
  starts.push(direct.answered);
  const again = await start(process.execPath, [main, 'up', '--example'], direct.folder);
  await again.stop();
  restarts.push(again.answered);
  await rm(direct.folder, { recursive: true, force: true });
}
const seconds = (values) =>
  [median(values), Math.min(...values), Math.max(...values)].map((value) => `${(value / 1000).toFixed(2)} s`);
const megabytes = (values) =>
  [median(values), Math.min(...values), Math.max(...values)].map((value) => `${value.toFixed(0)} MB`);
console.log(`(c) start, ${rounds} rounds\n`);
table(
  ['', 'median', 'least', 'most'],
  [
    ['`npm start` to first answer, new folder', ...seconds(npmStarts)],
    ['`starling up --example` to first answer, new folder', ...seconds(starts)],
    ['the same, folder of an earlier start', ...seconds(restarts)],
    ['resident size of the daemon, 3 s after', ...megabytes(daemons)],
    ['resident size of a warm process', ...megabytes(children)],
  ],
);
