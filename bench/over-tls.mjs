// A gateway and an agent of VU as processes of their own, twice: without and with TLS.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { exampleConfiguration } from '../dist/systems/exchange/index.js';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const run = promisify(execFile);

export async function openPair() {
  const folder = await mkdtemp(join(tmpdir(), 'starling-bench-'));
  const tls = join(folder, 'tls');
  await starling(['certificates', 'ca', '--out', tls]);
  await starling(['certificates', 'issue', '127.0.0.1', '--ca', tls, '--out', tls]);
  const text = exampleConfiguration();
  await writeFile(join(folder, 'agent.yaml'), text);
  const from = text.indexOf('# What each data provider allows');
  const to = text.indexOf('# The patterns of who computes');
  const gateway = (text.slice(0, from) + text.slice(to)).replace(
    /\{ sample: \{ seed: \d \} \}/g,
    '{ atAgent: true }',
  );
  await writeFile(join(folder, 'gateway.yaml'), gateway);
  const plain = await openOne(folder, 'plain', undefined);
  const secured = await openOne(folder, 'secured', tls);
  return {
    plain,
    secured,
    close: async () => {
      await plain.close();
      await secured.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openOne(folder, name, tls) {
  const data = join(folder, name, 'gateway');
  const files =
    tls === undefined
      ? []
      : ['--tls-cert', join(tls, '127.0.0.1.crt'), '--tls-key', join(tls, '127.0.0.1.key')];
  // both are asked as often as the bench likes: the limits are those of one person
  const port = tls === undefined ? 18_081 : 18_082;
  const gateway = await daemon(
    [
      'serve',
      'gateway',
      '--config',
      join(folder, 'gateway.yaml'),
      '--data',
      data,
      '--port',
      String(port),
      ...files,
    ],
    'Access',
  );
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  const token = async (user, role) =>
    (await starling(['token', '--user', user, '--role', role, '--data', data])).trim();
  const operator = await token('operator@surf.example', 'operator');
  const ada = await token('ada@university.example', 'requester');
  const ca = tls === undefined ? undefined : await readFile(join(tls, 'ca.crt'));
  const environment = {
    STARLING_URL: url,
    STARLING_TOKEN: operator,
    ...(tls === undefined ? {} : { STARLING_CA: join(tls, 'ca.crt') }),
  };
  const { token: invitation } = JSON.parse(await starling(['enroll', 'invite', 'VU', '--json'], environment));
  const own = join(folder, name, 'VU');
  await starling(['enroll', 'accept', invitation, '--yes', '--data', own], environment);
  const agent = await daemon(
    ['serve', 'agent', '--party', 'VU', '--config', join(folder, 'agent.yaml'), '--data', own],
    'Connection',
  );
  const client = caller(url, ca);
  return {
    list: () => client('GET', '/api/v1/data-sets', ada),
    ask: () => client('POST', '/api/v1/requests', ada, { dataProviders: ['VU'] }),
    // an agent has no port to be asked at; a new run is warm after some 0.4 s
    untilWarm: () => new Promise((resolve) => setTimeout(resolve, 1_000)),
    close: async () => {
      client.close();
      await stop(agent);
      await stop(gateway);
    },
  };
}

/** Calls over one kept connection. */
function caller(url, ca) {
  const { request, Agent } = url.startsWith('https') ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...(ca === undefined ? {} : { ca }) });
  const call = async (method, path, token, body) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const sent = request(`${url}${path}`, { method, headers, agent });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = await once(sent, 'response');
    let text = '';
    for await (const chunk of response) text += chunk;
    if (response.statusCode !== 200) throw new Error(`${method} ${path}: ${response.statusCode} ${text}`);
    return JSON.parse(text);
  };
  call.close = () => agent.destroy();
  return call;
}

async function starling(words, environment = {}) {
  const { stdout } = await run(process.execPath, [main, ...words], {
    env: { ...process.env, ...environment },
  });
  return stdout;
}

async function daemon(words, until) {
  const child = spawn(process.execPath, [main, ...words, '--log-level', 'error'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes(until)) continue;
    child.stdout.resume();
    return child;
  }
  throw new Error(`starling ${words.join(' ')} ended before it was up.`);
}

async function stop(child) {
  child.kill('SIGTERM');
  await once(child, 'exit');
}
