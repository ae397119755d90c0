// (j) The state: put, get, a transaction on two keys, and from a put to its watch, 1, 8 and 64 in flight: the adapter on
// etcd beside the same gRPC calls without it, and the local state. One server of etcd (apt-get install etcd-server).
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { credentials } from '@grpc/grpc-js';
import { Endpoint } from '../dist/kernel/state/etcd/endpoint.js';
import { api } from '../dist/kernel/state/etcd/protocol.js';
import { openEtcdState, openLocalState } from '../dist/kernel/state/index.js';
import { median, ms, table } from './figures.mjs';
import { freePort, listening, stopped } from './queue/servers.mjs';

const rounds = Number(process.env.ROUNDS ?? 5);
const measuredMs = Number(process.env.SECONDS ?? 2) * 1000;
const depths = [1, 8, 64];
const value = 'x'.repeat(200);

/** What is measured of a state: each call gets a number that no other has at that time. */
const ofState = (state) => ({
  put: (lane) => state.put(`k/${lane}`, value),
  get: (lane) => state.get(`k/${lane}`),
  transaction: (lane) =>
    state.transaction({
      compare: [{ key: `k/${lane}`, exists: true }],
      success: [
        { put: `k/${lane}`, value },
        { put: `l/${lane}`, value },
      ],
    }),
  watch: () => {
    const watch = state.watch('w')[Symbol.asyncIterator]();
    return { next: () => watch.next(), put: () => state.put('w', value), end: () => watch.return() };
  },
});

/** The same over etcd's API alone. */
const ofEndpoint = (endpoint) => {
  const options = { timeoutMs: 10_000, token: undefined };
  const key = (name) => Buffer.from(`bare/${name}`);
  const put = (name) => ({ requestPut: { key: key(name), value: Buffer.from(JSON.stringify(value)) } });
  const ask = (compare, success) => endpoint.ask(api.transaction, { compare, success, failure: [] }, options);
  return {
    put: (lane) => ask([], [put(lane)]),
    get: (lane) => ask([], [{ requestRange: { key: key(lane) } }]),
    transaction: (lane) =>
      ask([{ key: key(lane), result: 1, target: 1, createRevision: 0 }], [put(lane), put(`l${lane}`)]),
    watch: async () => {
      const stream = endpoint.open(api.watch, undefined);
      const messages = stream[Symbol.asyncIterator]();
      stream.write({ createRequest: { key: key('w'), rangeEnd: key('x'), startRevision: 0 } });
      // that it is made
      await messages.next();
      const next = async () => {
        for (;;) {
          const message = await messages.next();
          if (message.value.events.length > 0) return message;
        }
      };
      return { next, put: () => ask([], [put('w')]), end: async () => stream.cancel() };
    },
  };
};

/** Calls per second of so many lanes, each of which calls again when it was answered. */
async function rate(call, inFlight) {
  let done = 0;
  let isRunning = true;
  const lanes = Array.from({ length: inFlight }, async (_, lane) => {
    while (isRunning) {
      await call(lane);
      done += 1;
      // A local read never leaves the turn: timers want theirs.
      if (done % 64 === 0) await nextTurn();
    }
  });
  await new Promise((resolve) => setTimeout(resolve, measuredMs / 4));
  const before = done;
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, measuredMs));
  const perSecond = ((done - before) * 1000) / (performance.now() - began);
  isRunning = false;
  await Promise.all(lanes);
  return perSecond;
}

/** Milliseconds from the call of a put until its watch has it: the median of a hundred. */
async function watchLatency(contender) {
  const { next, put, end } = await contender.watch();
  const times = [];
  for (let index = 0; index < 100; index += 1) {
    const arriving = next();
    const began = performance.now();
    await Promise.all([arriving.then(() => times.push(performance.now() - began)), put()]);
  }
  await end();
  return median(times.slice(10));
}

const folder = await mkdtemp(join(tmpdir(), 'starling-bench-state-'));
const [port, peerPort] = [await freePort(), await freePort()];
const [url, peer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`];
const words = [
  `--data-dir=${folder}/etcd`,
  `--listen-client-urls=${url}`,
  `--advertise-client-urls=${url}`,
  `--listen-peer-urls=${peer}`,
  `--initial-advertise-peer-urls=${peer}`,
  `--initial-cluster=default=${peer}`,
];
const server = spawn('etcd', words, { stdio: 'ignore' });
await listening(port, server);
const etcd = await openEtcdState({ endpoints: [`127.0.0.1:${port}`] });
const local = await openLocalState({ folder: `${folder}/local` });
const endpoint = new Endpoint(`127.0.0.1:${port}`, credentials.createInsecure());
const contenders = {
  'etcd, bare gRPC': ofEndpoint(endpoint),
  'etcd, adapter': ofState(etcd),
  local: ofState(local),
};
const work = ['put', 'get', 'transaction'];
const figures = new Map();
const note = (name, what, figure) => {
  const key = `${name} ${what}`;
  figures.set(key, [...(figures.get(key) ?? []), figure]);
};
try {
  for (let round = 0; round < rounds; round += 1)
    for (const what of work)
      for (const depth of depths)
        for (const [name, contender] of Object.entries(contenders))
          note(name, `${what} ${depth}`, await rate(contender[what], depth));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, contender] of Object.entries(contenders))
      note(name, 'watch', await watchLatency(contender));
} finally {
  await Promise.all([etcd.close(), local.close()]);
  endpoint.close();
  await stopped(server, 'SIGTERM');
  await rm(folder, { recursive: true, force: true });
}

const of = (name, what) => median(figures.get(`${name} ${what}`));
console.log(
  `(j) the state, calls per second, medians of ${rounds} rounds of ${measuredMs / 1000} s, load ${loadavg()[0].toFixed(1)}; acknowledged means synced in all three\n`,
);
table(
  ['', 'in flight', ...Object.keys(contenders), 'adapter of bare'],
  work.flatMap((what) =>
    depths.map((depth) => [
      what,
      depth,
      ...Object.keys(contenders).map((name) => Math.round(of(name, `${what} ${depth}`)).toLocaleString('en')),
      `${Math.round((100 * of('etcd, adapter', `${what} ${depth}`)) / of('etcd, bare gRPC', `${what} ${depth}`))} %`,
    ]),
  ),
);
console.log(
  `from a put to its watch: ${Object.keys(contenders)
    .map((name) => `${name} ${ms(of(name, 'watch'))}`)
    .join(', ')}`,
);
