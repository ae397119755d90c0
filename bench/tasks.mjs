// (h) Tasks per second through the whole path – taken over HTTP, filtered, handed in – with 1 and 2 workers, beside sharp in
// a plain loop. Photos of one megapixel; `keep` gives back what came, and so shows what a task costs by itself.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { applyFilter } from '../dist/systems/tasks/filters/index.js';
import { median, ms, table } from './figures.mjs';

const rounds = Number(process.env.ROUNDS ?? 5);
const count = Number(process.env.TASKS ?? 100);
const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const daemonProgram = path('./tasks-daemon.mjs');
const workerProgram = path('../dist/systems/tasks/worker/photo-worker.js');

/** A photo of 1,000 × 1,000 pixels: smooth, with grain; another for each number. */
function photo(number) {
  const [width, height, channels] = [1000, 1000, 3];
  const data = Buffer.alloc(width * height * channels);
  let grain = number + 1;
  for (let at = 0; at < data.length; at += 1) {
    grain = (Math.imul(grain, 1_664_525) + 1_013_904_223) >>> 0;
    data[at] = ((at >> 12) + (grain >>> 28)) & 0xff;
  }
  return sharp(data, { raw: { width, height, channels } }).jpeg({ quality: 85 }).toBuffer();
}

async function start(program, args, env, isReady) {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, ...env },
  });
  const lines = createInterface({ input: child.stdout });
  for await (const [line] of onLines(lines)) if (isReady(line)) return { child, line };
  throw new Error(`${program} ended before it was ready`);
}

async function* onLines(lines) {
  const closed = new AbortController();
  lines.once('close', () => closed.abort());
  for (;;) {
    try {
      yield await once(lines, 'line', { signal: closed.signal });
    } catch {
      return;
    }
  }
}

async function stop({ child }) {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function upload(url, photos, filter, batch) {
  const form = new FormData();
  form.set('filter', filter);
  form.set('batch', batch);
  for (const [number, bytes] of photos.entries()) form.append('file', new Blob([bytes]), `${number}.jpg`);
  const response = await fetch(`${url}/api/v1/tasks`, { method: 'POST', body: form });
  if (response.status !== 201) throw new Error(`The photos were not taken: ${await response.text()}`);
}

/** Resolves when all tasks of a batch have ended. Throws where one failed. */
async function allDone(url, batch, expected) {
  const response = await fetch(`${url}/api/v1/tasks/progress/events?batch=${batch}`);
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (text + chunk).split('\n');
    text = lines.pop();
    for (const line of lines.filter((one) => one.startsWith('data: '))) {
      const { counts } = JSON.parse(line.slice('data: '.length));
      if (counts.failed > 0) throw new Error(`${counts.failed} tasks failed`);
      if (counts.done === expected) return;
    }
  }
  throw new Error('The progress ended before the tasks did.');
}

async function pausing(url, verb) {
  const response = await fetch(`${url}/api/v1/queues/tasks/${verb}`, { method: 'POST' });
  if (!response.ok) throw new Error(`The queue could not be told to ${verb}: ${await response.text()}`);
}

const photos = await Promise.all(Array.from({ length: count }, (_, number) => photo(number)));
const folder = await mkdtemp(join(tmpdir(), 'starling-bench-tasks-'));
const daemon = await start(daemonProgram, [folder, '0'], {}, (line) => line.startsWith('up '));
const url = daemon.line.slice('up '.length);
const workers = [];
const figures = new Map();
let batches = 0;

async function perTask(filter) {
  const batch = `b${++batches}`;
  await pausing(url, 'pause');
  await upload(url, photos, filter, batch);
  const done = allDone(url, batch, count);
  const began = performance.now();
  await pausing(url, 'resume');
  await done;
  return (performance.now() - began) / count;
}

async function loop(filter) {
  const began = performance.now();
  for (const bytes of photos)
    await applyFilter({ bytes, mediaType: 'image/jpeg' }, { name: filter, parameters: {} }, { pixels: 1e8 });
  return (performance.now() - began) / count;
}

function keep(name, value) {
  if (!figures.has(name)) figures.set(name, []);
  figures.get(name).push(value);
}

try {
  for (let number = 1; number <= 2; number += 1) {
    const env = { STARLING_URL: url, STARLING_INSTANCE: `worker-${number}` };
    workers.push(await start(workerProgram, [], env, (line) => line === 'ready'));
    for (let round = 0; round < rounds; round += 1) {
      if (number === 1) keep('sharp in a plain loop, `invert`', await loop('invert'));
      for (const filter of ['keep', 'invert'])
        keep(`\`${filter}\`, ${number} worker${number > 1 ? 's' : ''}`, await perTask(filter));
    }
  }
} finally {
  for (const worker of workers) await stop(worker);
  await stop(daemon);
  await rm(folder, { recursive: true, force: true });
}

console.log(
  `(h) tasks, ${count} photos of a megapixel, medians of ${rounds} rounds, load ${loadavg()[0].toFixed(1)}\n`,
);
table(
  ['', 'per task', 'tasks/s'],
  [...figures].map(([name, values]) => [name, ms(median(values)), (1000 / median(values)).toFixed(0)]),
);
const bare = figures.get('sharp in a plain loop, `invert`');
const added = figures.get('`invert`, 1 worker').map((value, round) => value - bare[round]);
console.log(`Added to each task of one worker, median of pairs: ${ms(median(added))}; budget 5 ms.\n`);
