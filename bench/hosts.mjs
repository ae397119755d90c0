// (l) Services on hosts: tasks per second with 1, 2 and 3 hosts of one worker each, and the time from the death of a host
// (`kill -9`) to its instances ready elsewhere. All on one machine, so that more hosts help only as far as it has processors.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { median, table } from './figures.mjs';

const rounds = Number(process.env.ROUNDS ?? 3);
const count = Number(process.env.TASKS ?? 60);
const deaths = Number(process.env.DEATHS ?? 5);
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

async function start(words, isReady) {
  const child = spawn(process.execPath, [main, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const found = isReady(line);
    if (found) {
      lines.removeAllListeners();
      child.stdout.resume();
      return { child, found };
    }
  }
  throw new Error(`starling ${words.join(' ')} ended before it was ready`);
}

async function end(child, signal) {
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

const folder = await mkdtemp(join(tmpdir(), 'starling-bench-hosts-'));
// `--hosts` would start them beside the daemon; here they are started and killed one by one
const words = ['up', '--port', '0', '--data', join(folder, 'up'), '--hosts', '1'];
let url = '';
const daemon = await start(words, (line) => {
  url ||= /API\s+(http:\S+)\/api\/v1/.exec(line)?.[1] ?? '';
  return line.includes('Stop with');
});
const call = async (method, path, body) => {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
};

function startHost(name) {
  const own = join(folder, name);
  const given = ['serve', 'host', '--name', name, '--capacity', '2', '--gateway', url, '--data', own];
  return start([...given, '--log-level', 'error'], (line) => line.includes('connected'));
}

/** Waits until as many instances are ready as are said, on hosts that may have them. */
async function untilReady(wanted, isMeant) {
  for (;;) {
    const { instances } = await call('GET', '/services/photo-worker');
    const ready = instances.filter((one) => one.state === 'ready' && isMeant(one.host));
    if (ready.length === wanted && instances.length === wanted) return performance.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function photo(number) {
  const data = Buffer.alloc(1000 * 1000 * 3, number & 0xff);
  for (let at = 0; at < data.length; at += 7) data[at] = (at * 31 + number) & 0xff;
  return sharp(data, { raw: { width: 1000, height: 1000, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

async function work(photos, batch) {
  await call('POST', '/queues/tasks/pause');
  const form = new FormData();
  form.set('filter', 'invert');
  form.set('batch', batch);
  for (const [number, bytes] of photos.entries()) form.append('file', new Blob([bytes]), `${number}.jpg`);
  const response = await fetch(`${url}/api/v1/tasks`, { method: 'POST', body: form });
  if (response.status !== 201) throw new Error(await response.text());
  const events = await fetch(`${url}/api/v1/tasks/progress/events?batch=${batch}`);
  const began = performance.now();
  await call('POST', '/queues/tasks/resume');
  let text = '';
  for await (const chunk of events.body.pipeThrough(new TextDecoderStream())) {
    const lines = (text + chunk).split('\n');
    text = lines.pop();
    for (const line of lines.filter((one) => one.startsWith('data: '))) {
      const { counts } = JSON.parse(line.slice('data: '.length));
      if (counts.failed > 0) throw new Error(`${counts.failed} tasks failed`);
      if (counts.done === photos.length) return (1000 * photos.length) / (performance.now() - began);
    }
  }
  throw new Error('The progress ended before the tasks did.');
}

const hosts = [];
try {
  await untilReady(1, () => true);
  await call('POST', '/hosts/local-1/drain', {});
  const photos = await Promise.all(Array.from({ length: count }, (_, number) => photo(number)));
  const rates = [];
  for (let number = 1; number <= 3; number += 1) {
    hosts.push((await startHost(`h${number}`)).child);
    await call('PUT', '/services/photo-worker/replicas', { replicas: number });
    await untilReady(number, (host) => host.startsWith('h'));
    const values = [];
    for (let round = 0; round < rounds; round += 1) values.push(await work(photos, `b${number}-${round}`));
    rates.push(median(values));
  }
  const waits = [];
  for (let death = 0; death < deaths; death += 1) {
    const victim = `h${(death % 3) + 1}`;
    const began = performance.now();
    await end(hosts[death % 3], 'SIGKILL');
    waits.push((await untilReady(3, (host) => host !== victim)) - began);
    hosts[death % 3] = (await startHost(victim)).child;
    // so that it has one to lose again
    await call('PUT', '/services/photo-worker/replicas', { replicas: 2 });
    await untilReady(2, () => true);
    await call('PUT', '/services/photo-worker/replicas', { replicas: 3 });
    await untilReady(3, () => true);
  }
  const load = loadavg()[0].toFixed(1);
  console.log(
    `(l) hosts, ${cpus().length} processors, ${count} photos of a megapixel, medians of ${rounds} rounds, load ${load}\n`,
  );
  table(
    ['hosts, one worker each', 'tasks/s', 'against one'],
    rates.map((rate, index) => [String(index + 1), rate.toFixed(0), `${(rate / rates[0]).toFixed(2)} ×`]),
  );
  const seconds = (value) => `${(value / 1000).toFixed(1)} s`;
  console.log(
    `From kill -9 of a host to its instances ready elsewhere, ${deaths} deaths: median ${seconds(median(waits))}, longest ${seconds(Math.max(...waits))}; of that, its lease counts for 6.7 to 10 s.\n`,
  );
} finally {
  for (const host of hosts)
    if (host.exitCode === null && host.signalCode === null) await end(host, 'SIGTERM');
  await end(daemon.child, 'SIGTERM');
  await rm(folder, { recursive: true, force: true });
}
