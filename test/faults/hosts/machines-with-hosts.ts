import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../operation/free-port.js';
import { type StartedServer, startServer } from '../../servers/started-server.js';
import { Caller } from '../caller.js';
import { gatewayConfiguration } from '../consortium.js';
import type { Target } from '../inject.js';
import { type LabMachines, openMachines } from '../lab-machines.js';
import { type Ended, main, starling } from '../process.js';
import type { HostEngines, OpenedHostEngines } from './host-engines.js';

export const hostNames = ['h1', 'h2', 'h3'] as const;
export const service = 'photo-worker';
/** Places of each host: any one of them has room for all instances that are ever wanted. */
export const most = 6;
/** How long a host, and a worker, may be silent, in milliseconds. */
export const leases = { hostMs: 4_000, taskMs: 4_000 } as const;

const gatewayProgram = fileURLToPath(new URL('../programs/gateway.mjs', import.meta.url));
const workerProgram = fileURLToPath(new URL('beating-worker.mjs', import.meta.url));

/** Gateways and three hosts, each on a machine of its own, and a desk for each gateway; over TLS, signed in. */
export class MachinesWithHosts {
  readonly machines: LabMachines;
  /** One who calls each gateway, in their order. */
  readonly desks: Caller[] = [];
  readonly #kind: HostEngines;
  readonly #folder: string;
  readonly #gateways = new Map<string, StartedServer>();
  readonly #hosts = new Map<string, StartedServer>();
  #engines: OpenedHostEngines | undefined;

  /** Sets all of it up by the commands that people use; resolves when the hosts are connected. */
  static async open(kind: HostEngines): Promise<MachinesWithHosts> {
    const machines = await openMachines([...kind.servers, ...kind.gateways, ...hostNames, 'desk']);
    const folder = await mkdtemp(join(tmpdir(), 'starling-faults-'));
    const all = new MachinesWithHosts(kind, machines, folder);
    try {
      await all.#setUp();
      return all;
    } catch (error) {
      await all.close();
      throw error;
    }
  }

  constructor(kind: HostEngines, machines: LabMachines, folder: string) {
    this.#kind = kind;
    this.machines = machines;
    this.#folder = folder;
  }

  /** All that faults can hit: gateways as often as hosts. */
  get targets(): Target[] {
    const grouped = (group: string, servers: ReadonlyMap<string, StartedServer>) =>
      [...servers].map(
        ([name, process]): Target => ({ name, group, machine: this.machines.get(name), process }),
      );
    const gateways = grouped('gateway', this.#gateways);
    const often = Math.ceil(this.#hosts.size / gateways.length);
    return [...Array.from({ length: often }, () => gateways).flat(), ...grouped('host', this.#hosts)];
  }

  /** Where instances write when they work, and where hosts have their folders. */
  get beats(): string {
    return this.#path('beats');
  }
  get hosts(): string {
    return this.#path('hosts');
  }

  /** Ends all as operators would: the hosts, and then the gateways. */
  async stop(): Promise<void> {
    for (const server of [...this.#hosts.values(), ...this.#gateways.values()]) await server.stop();
  }

  async close(): Promise<void> {
    for (const desk of this.desks) await desk.kill();
    for (const server of [...this.#hosts.values(), ...this.#gateways.values()]) await server.close();
    await this.#engines?.close();
    await this.machines.remove();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #setUp(): Promise<void> {
    const { gateways } = this.#kind;
    this.#engines = await this.#kind.open(this.machines);
    const [tls, ports] = [this.#path('tls'), await Promise.all(gateways.map(() => freePort()))];
    const urls = gateways.map((name, index) => `https://${this.machines.get(name).address}:${ports[index]}`);
    await mkdir(this.beats);
    await mkdir(this.#path('keys'));
    await writeFile(this.#path('gateway.yaml'), `${gatewayConfiguration()}\n${this.#services()}\n`);
    await this.#done('certificates', 'ca', '--out', tls);
    for (const [index, name] of gateways.entries()) {
      const { address } = this.machines.get(name);
      await this.#done('certificates', 'issue', address, '--ca', tls, '--out', tls);
      await mkdir(this.#path(name));
      await symlink('../keys', join(this.#path(name), 'keys'));
      const options = {
        ...{ folder: this.#path(name), configurationFile: this.#path('gateway.yaml'), leases },
        ...{ host: address, port: ports[index], publicUrl: urls[0], ownUrl: urls[index] },
        ...{ engines: this.#engines.addresses, authorities: join(tls, 'ca.crt') },
        tls: { certificate: join(tls, `${address}.crt`), key: join(tls, `${address}.key`) },
      };
      const program = [gatewayProgram, JSON.stringify(options)];
      await this.#start(this.#gateways, name, urls[index] ?? '', program, /^up$/);
    }
    const token = await this.#token('operator@surf.example', 'operator');
    const ca = { NODE_EXTRA_CA_CERTS: join(tls, 'ca.crt') };
    for (const [index, url] of urls.entries()) {
      const machine = this.machines.get('desk');
      const desk = new Caller(`desk-${index + 1}`, machine, { gateway: { url, token } }, ca);
      this.desks.push(desk);
      await desk.restart();
    }
    for (const [index, name] of hostNames.entries()) await this.#startHost(name, index, urls, tls);
  }

  /** Hosts dial all gateways, and do not all begin with the same. */
  async #startHost(name: string, index: number, urls: readonly string[], tls: string): Promise<void> {
    const first = index % urls.length;
    const dialled = [...urls.slice(first), ...urls.slice(0, first)];
    const file = this.#path(`${name}.token`);
    await writeFile(file, await this.#token(name, `host:${name}`));
    const words = ['--name', name, '--capacity', String(most), '--gateway', ...dialled];
    const where = ['--token-file', file, '--data', join(this.hosts, name), '--ca', join(tls, 'ca.crt')];
    const program = [main, 'serve', 'host', ...words, ...where];
    await this.#start(this.#hosts, name, urls[first] ?? '', program, /Connection\s+connected/);
  }

  #services(): string {
    const command = [process.execPath, workerProgram];
    const environment = { BEATS: this.beats };
    // none until all hosts are there, so that they are spread over these
    const replicas = { desired: 0, min: 0, max: most };
    const declared = { command, environment, replicas, readiness: 'line', graceSeconds: 5 };
    return `services: ${JSON.stringify({ [service]: declared })}`;
  }

  async #start(
    among: Map<string, StartedServer>,
    name: string,
    url: string,
    program: readonly string[],
    ready: RegExp,
  ): Promise<void> {
    const machine = this.machines.get(name);
    const words = () => [process.execPath, ...program] as const;
    among.set(name, await startServer({ url, machine, words, ready }));
  }

  async #token(user: string, role: string): Promise<string> {
    const [gateway = ''] = this.#kind.gateways;
    const words = ['token', '--user', user, '--role', role, '--data', this.#path(gateway)];
    return (await this.#done(...words)).output.trim();
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  /** A command on a gateway's machine that has to succeed. */
  async #done(...words: readonly string[]): Promise<Ended> {
    const [gateway = ''] = this.#kind.gateways;
    const ended = await starling(this.machines.get(gateway), words);
    if (ended.status !== 0) throw new Error(`starling ${words.join(' ')}: ${ended.errors}`);
    return ended;
  }
}
