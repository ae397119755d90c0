// (g) publish + take + ack of 200-byte messages, 1, 8 and 64 in flight: the local queue beside BullMQ and graphile-worker.
// The peers are installed with `npm install --prefix bench/queue`; one whose parts are missing is left out, with the reason.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, table } from './figures.mjs';
import { contenders } from './queue/contenders.mjs';

const rounds = Number(process.env.ROUNDS ?? 5);
const measuredMs = Number(process.env.SECONDS ?? 3) * 1000;
// such as CONTENDERS=NATS: those whose names have it
const wanted = new RegExp(process.env.CONTENDERS ?? '');
const warmMs = measuredMs / 4;
const depths = [1, 8, 64];
const bodyBytes = 200;

/** Messages per second: each of `inFlight` lanes publishes one, and the next when the end of that is acknowledged. */
async function rate(contender, inFlight) {
  const waiting = new Map();
  const queue = await contender.open(inFlight, (body) => waiting.get(body)());
  let done = 0;
  let number = 0;
  let running = true;
  const lane = async () => {
    while (running) {
      const body = String(++number).padEnd(bodyBytes, 'x');
      const ended = new Promise((resolve) => waiting.set(body, resolve));
      await queue.publish(body);
      await ended;
      waiting.delete(body);
      done += 1;
    }
  };
  const lanes = Array.from({ length: inFlight }, lane);
  await new Promise((resolve) => setTimeout(resolve, warmMs));
  const before = done;
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, measuredMs));
  const perSecond = ((done - before) * 1000) / (performance.now() - began);
  running = false;
  await Promise.all(lanes);
  await queue.close();
  return perSecond;
}

const folder = await mkdtemp(join(tmpdir(), 'starling-bench-queue-'));
// PostgreSQL runs as somebody else, and has to get to its folder
await chmod(folder, 0o711);
const opened = new Map();
for (const [name, open] of Object.entries(contenders).filter(([name]) => wanted.test(name))) {
  try {
    opened.set(name, await open(folder));
  } catch (error) {
    console.log(`left out: ${name} (${error.message.split('\n')[0]})`);
  }
}
const rates = new Map([...opened.keys()].map((name) => [name, new Map(depths.map((depth) => [depth, []]))]));
try {
  for (let round = 0; round < rounds; round += 1)
    for (const depth of depths)
      for (const [name, contender] of opened)
        rates
          .get(name)
          .get(depth)
          .push(await rate(contender, depth));
} finally {
  for (const contender of opened.values()) await contender.close();
  await rm(folder, { recursive: true, force: true });
}

const perSecond = (name, depth) => Math.round(median(rates.get(name).get(depth))).toLocaleString('en');
console.log(
  `(g) queues, ${bodyBytes}-byte messages per second, medians of ${rounds} rounds of ${measuredMs / 1000} s, load ${loadavg()[0].toFixed(1)}\n`,
);
table(
  ['', ...depths.map((depth) => `${depth} in flight`), 'durability'],
  [...opened].map(([name, { durability }]) => [
    name,
    ...depths.map((depth) => perSecond(name, depth)),
    durability,
  ]),
);
/** The ratios of one contender to others, of each pair of rounds, at a depth. */
function ratios(name, depth, others) {
  const ours = rates.get(name)?.get(depth);
  if (ours === undefined || others.length === 0) return;
  table(
    [`${name}, ${depth} in flight, against`, 'ratio of pairs, median'],
    others.map((other) => {
      const theirs = rates.get(other).get(depth);
      return [other, median(ours.map((value, round) => value / theirs[round])).toFixed(2)];
    }),
  );
}

const others = [...opened.keys()].filter((name) => name !== 'local');
ratios('local', 64, others);
for (const depth of depths)
  ratios(
    'NATS',
    depth,
    others.filter((name) => name === 'NATS, bare client'),
  );
