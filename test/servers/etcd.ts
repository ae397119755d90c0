import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../operation/free-port.js';
import { type ClusterPlace, clusterPlaces } from './cluster-places.js';
import {
  loopback,
  ServerGroup,
  type ServerMachine,
  type StartedServer,
  startServer,
} from './started-server.js';

/** Another version of the server than the installed one may be named: `STARLING_ETCD_SERVER=/path npx vitest run …`. */
const binary = process.env.STARLING_ETCD_SERVER ?? 'etcd';

export interface EtcdServerOptions {
  /** Default: loopback. */
  readonly machine?: ServerMachine;
  /** The port for clients. Default: a free one. */
  readonly port?: number;
  /** More options of the server, such as `--quota-backend-bytes=…`. */
  readonly options?: readonly string[];
}

/** Why there can be no etcd server here; `undefined` where there can. */
export function missingEtcd(): string | undefined {
  const { error } = spawnSync(binary, ['--version']);
  return error === undefined ? undefined : `${binary} is not installed (apt-get install etcd-server)`;
}

/** One server. Its `url` is `http://HOST:PORT`. */
export async function startEtcd(
  options: EtcdServerOptions = {},
): Promise<StartedServer & { urls: readonly string[] }> {
  const { machine = loopback, port = await freePort() } = options;
  const place = { name: 'e1', machine, port, peerPort: await freePort() };
  const server = await startMember(place, [place], options.options ?? []);
  return Object.assign(server, { urls: [server.url] });
}

/** Servers of one cluster; resolves when all serve. */
export async function startEtcdCluster(
  count = 3,
  {
    machines = [],
    options = [],
  }: { readonly machines?: readonly ServerMachine[]; readonly options?: readonly string[] } = {},
): Promise<ServerGroup> {
  const places = await clusterPlaces(count, 'e', machines);
  return ServerGroup.of(places.map((place) => startMember(place, places, options)));
}

function startMember(
  place: ClusterPlace,
  places: readonly ClusterPlace[],
  options: readonly string[],
): Promise<StartedServer> {
  const { name, machine, port } = place;
  const url = `http://${machine.address}:${port}`;
  return startServer({
    url,
    machine,
    words: (folder) => [
      binary,
      `--name=${name}`,
      `--data-dir=${join(folder, 'data')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl(place)}`,
      `--initial-advertise-peer-urls=${peerUrl(place)}`,
      `--initial-cluster=${places.map((each) => `${each.name}=${peerUrl(each)}`).join(',')}`,
      '--logger=zap',
      '--log-outputs=stderr',
      ...options,
    ],
    ready: /ready to serve client requests|serving (insecure )?client (requests|traffic)/,
  });
}

function peerUrl({ machine, peerPort }: ClusterPlace): string {
  return `http://${machine.address}:${peerPort}`;
}
