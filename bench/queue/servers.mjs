// The servers of the peers: private instances on free ports of loopback, with folders of their own.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';

const postgresRoot = '/usr/lib/postgresql';

/** Starts Redis with an append-only file that is synced `always` or `everysec`. Throws where there is no Redis. */
export async function startRedis(folder, appendfsync) {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const where = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--daemonize', 'no'];
  const kept = ['--appendonly', 'yes', '--appendfsync', appendfsync, '--save', ''];
  const server = spawn('redis-server', [...where, ...kept].map(String), { stdio: 'ignore' });
  await started(server);
  await listening(port, server);
  return { port, stop: () => stopped(server, 'SIGTERM') };
}

/** Starts NATS with JetStream, as it comes. Throws where there is none. */
export async function startNats(folder) {
  const port = await freePort();
  const command = process.env.STARLING_NATS_SERVER ?? 'nats-server';
  const server = spawn(command, ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder], {
    stdio: 'ignore',
  });
  await started(server);
  await listening(port, server);
  return { url: `nats://127.0.0.1:${port}`, stop: () => stopped(server, 'SIGTERM') };
}

/** Starts PostgreSQL as Debian ships it, with its own defaults but for 200 connections: commits wait for the sync. Throws where there is none. */
export async function startPostgres(folder) {
  const versions = existsSync(postgresRoot)
    ? readdirSync(postgresRoot).sort((one, other) => one - other)
    : [];
  if (versions.length === 0) throw new Error('PostgreSQL is not installed (apt-get install postgresql)');
  const bin = join(postgresRoot, versions.at(-1), 'bin');
  mkdirSync(folder, { recursive: true });
  const as = asPostgres(folder);
  const [first, ...others] = [
    ...as,
    join(bin, 'initdb'),
    '-D',
    `${folder}/data`,
    '-A',
    'trust',
    '-U',
    'postgres',
  ];
  execFileSync(first, others, { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await freePort();
  const [command, ...rest] = [...as, join(bin, 'postgres'), '-D', `${folder}/data`];
  const words = [...rest, '-p', port, '-k', folder, '-N', 200].map(String);
  const server = spawn(command, words, { stdio: 'ignore', cwd: '/' });
  await started(server);
  await listening(port, server);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return { url, stop: () => stopped(server, 'SIGINT') };
}

/** The words that run a command as the user of PostgreSQL, which does not run as root. */
function asPostgres(folder) {
  if (process.getuid?.() !== 0) return [];
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  chownSync(folder, id('-u'), id('-g'));
  return ['setpriv', `--reuid=${id('-u')}`, `--regid=${id('-g')}`, '--clear-groups', '--'];
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function started(server) {
  await once(server, 'spawn');
}

/** Resolves when the server accepts connections. */
export async function listening(port, server) {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`${server.spawnfile} ended with ${server.exitCode}`);
    const socket = createConnection(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function stopped(server, signal) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill(signal);
  await once(server, 'exit');
}
