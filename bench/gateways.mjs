// (k) Requests/s at one gateway and at two over the same etcd and NATS: reading a task, and uploading a small file. Needs
// etcd-server and nats-server. The requests are spread over the gateways in turn, as a load balancer does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { exampleConfiguration } from '../dist/systems/exchange/index.js';
import { median, table } from './figures.mjs';
import { freePort, listening } from './queue/servers.mjs';

const rounds = Number(process.env.ROUNDS ?? 5);
const measuredMs = Number(process.env.SECONDS ?? 4) * 1000;
const inFlight = 16;
/** People, so that nobody asks more often than one person may: 1,200 times at once, and as often a minute. */
const people = 64;
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'starling-bench-'));
const children = [];

function start(command, words, stdio = 'ignore') {
  const child = spawn(command, words, { cwd: folder, stdio });
  children.push(child);
  return child;
}

/** `starling`, until a line of its output matches; what that captured. */
async function starling(words, pattern) {
  const child = start(process.execPath, [main, ...words], ['ignore', 'pipe', 'inherit']);
  for await (const line of createInterface({ input: child.stdout })) {
    const found = pattern.exec(line)?.[1];
    if (found === undefined) continue;
    child.stdout.resume();
    return found;
  }
  throw new Error(`starling ${words[0]} ended`);
}

async function engines() {
  const [client, peer, nats] = [await freePort(), await freePort(), await freePort()];
  const [at, between] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
  const etcd = start('etcd', [
    ...['--data-dir', join(folder, 'etcd'), '--listen-client-urls', at, '--advertise-client-urls', at],
    ...['--listen-peer-urls', between, '--initial-advertise-peer-urls', between],
    ...['--initial-cluster', `default=${between}`],
  ]);
  const words = ['-a', '127.0.0.1', '-p', String(nats), '-js', '-sd', join(folder, 'nats')];
  const queues = start('nats-server', words);
  await Promise.all([listening(client, etcd), listening(nats, queues)]);
  return ['--state', `etcd://127.0.0.1:${client}`, '--queue', `nats://127.0.0.1:${nats}`];
}

async function gateway(name, publicUrl, port, shared) {
  await mkdir(join(folder, name));
  await symlink('../keys', join(folder, name, 'keys'));
  const words = ['serve', 'gateway', '--config', 'gateway.yaml', '--data', name, '--port', String(port)];
  await starling([...words, '--public-url', publicUrl, '--log-level', 'error', ...shared], /Key +(\S+)/);
}

function upload(url, headers) {
  const form = new FormData();
  form.append('filter', 'grayscale');
  form.append('file', new Blob([new Uint8Array(4_096)]), 'a.jpg');
  return fetch(`${url}/api/v1/tasks`, { method: 'POST', headers, body: form });
}

/** How many a second, over gateways in turn. */
async function rate(urls, tokens, send) {
  const end = performance.now() + measuredMs;
  let done = 0;
  const lane = async (number) => {
    for (let count = number; performance.now() < end; count += 1) {
      const headers = { authorization: `Bearer ${tokens[count % tokens.length]}` };
      const answer = await send(urls[count % urls.length], headers);
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`HTTP status ${answer.status}`);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, number) => lane(number)));
  return (done / measuredMs) * 1000;
}

try {
  await mkdir(join(folder, 'keys'));
  const configuration = exampleConfiguration().replaceAll(/\{ sample: \{.*\} \}/g, '{ atAgent: true }');
  await writeFile(join(folder, 'gateway.yaml'), configuration);
  const shared = await engines();
  const ports = [await freePort(), await freePort()];
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  await gateway('g1', urls[0], ports[0], shared);
  await gateway('g2', urls[0], ports[1], shared);
  const tokens = [];
  for (let number = 0; number < people; number += 1) {
    const words = ['token', '--user', `p${number}@university.example`, '--role', 'operator', '--data', 'g1'];
    tokens.push(await starling(words, /^(ey\S+)$/));
  }
  const first = await upload(urls[0], { authorization: `Bearer ${tokens[0]}` });
  const task = (await first.json()).files[0].task;
  const kinds = {
    'read a task': (url, headers) => fetch(`${url}/api/v1/tasks/${task}`, { headers }),
    'upload 4 KiB': upload,
  };
  const rows = [];
  for (const [name, send] of Object.entries(kinds)) {
    const figures = { one: [], two: [], ratio: [] };
    for (let round = -1; round < rounds; round += 1) {
      const one = await rate([urls[0]], tokens, send);
      const two = await rate(urls, tokens, send);
      if (round < 0) continue;
      figures.one.push(one);
      figures.two.push(two);
      figures.ratio.push(two / one);
    }
    const shown = [figures.one, figures.two].map((values) => `${Math.round(median(values))}/s`);
    rows.push([name, ...shown, median(figures.ratio).toFixed(2)]);
  }
  console.log(
    `(k) one gateway and two, ${inFlight} in flight, ${rounds} rounds, load ${loadavg()[0].toFixed(0)}\n`,
  );
  table(['', 'one gateway', 'two', 'ratio'], rows);
} finally {
  for (const child of children.toReversed()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
}
