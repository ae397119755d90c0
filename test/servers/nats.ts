import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../operation/free-port.js';
import { clusterPlaces } from './cluster-places.js';
import {
  loopback,
  ServerGroup,
  type ServerMachine,
  type StartedServer,
  startServer,
} from './started-server.js';

/** Another version of the server than the installed one may be named: `STARLING_NATS_SERVER=/path npx vitest run …`. */
const binary = process.env.STARLING_NATS_SERVER ?? 'nats-server';

export interface NatsServerOptions {
  /** Default: loopback. */
  readonly machine?: ServerMachine;
  /** Lines of configuration that come after the usual ones. */
  readonly configuration?: string;
  /** Without it the server does not have JetStream. Default: true. */
  readonly jetStream?: boolean;
  /** The most bytes that it stores. Default: what its disk has. */
  readonly storageBytes?: number;
}

/** Why there can be no NATS server here; `undefined` where there can. */
export function missingNats(): string | undefined {
  const { error } = spawnSync(binary, ['--version']);
  return error === undefined ? undefined : `${binary} is not installed (apt-get install nats-server)`;
}

/** One server with JetStream. */
export async function startNats(
  options: NatsServerOptions = {},
): Promise<StartedServer & { urls: string[] }> {
  const { machine = loopback } = options;
  const port = await freePort();
  const server = await startServer({
    url: `nats://${machine.address}:${port}`,
    machine,
    words: (folder) => configured(folder, lines({ ...options, machine, port, folder, name: 'n1' })),
    ready: /Server is ready/,
  });
  return Object.assign(server, { urls: [server.url] });
}

/**
 * What a server says that has a leader, or leads. One that comes when the others have elected theirs only follows: it says so in a
 * line for debugging, and in no other.
 */
const followsLeader =
  /new JetStream cluster metadata leader|cluster new metadata leader|_meta_\] Update peers from leader/;

/** Servers of one cluster; resolves when all have a leader. */
export async function startNatsCluster(
  count = 3,
  {
    machines = [],
    ...options
  }: Omit<NatsServerOptions, 'machine'> & { machines?: readonly ServerMachine[] } = {},
): Promise<ServerGroup> {
  const places = await clusterPlaces(count, 'n', machines);
  const routes = places.map(({ machine, peerPort }) => `nats://${machine.address}:${peerPort}`).join(', ');
  return ServerGroup.of(
    places.map(({ name, machine, port, peerPort }) =>
      startServer({
        url: `nats://${machine.address}:${port}`,
        machine,
        words: (folder) =>
          configured(folder, [
            ...lines({ ...options, machine, port, folder, name }),
            'debug: true',
            `cluster { name: starling, listen: "${machine.address}:${peerPort}", routes: [${routes}] }`,
          ]),
        ready: followsLeader,
      }),
    ),
  );
}

interface Place extends NatsServerOptions {
  readonly machine: ServerMachine;
  readonly port: number;
  readonly folder: string;
  readonly name: string;
}

function lines(place: Place): string[] {
  const { machine, port, folder, name, configuration = '', jetStream = true, storageBytes } = place;
  const most = storageBytes === undefined ? '' : `, max_file: ${storageBytes}`;
  return [
    `server_name: ${name}`,
    `listen: "${machine.address}:${port}"`,
    // a message of 1 MiB has headers besides
    'max_payload: 2MB',
    ...(jetStream ? [`jetstream { store_dir: "${folder}"${most} }`] : []),
    configuration,
  ];
}

async function configured(
  folder: string,
  content: readonly string[],
): Promise<readonly [string, ...string[]]> {
  const file = join(folder, 'nats.conf');
  await writeFile(file, content.join('\n'));
  return [binary, '--config', file];
}
