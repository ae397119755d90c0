import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../operation/free-port.js';
import { type StartedServer, startServer } from '../../servers/started-server.js';
import { Caller } from '../caller.js';
import { gatewayConfiguration } from '../consortium.js';
import { type LabMachines, openMachines } from '../lab-machines.js';
import { type Ended, main, starling } from '../process.js';

export const hostNames = ['h1', 'h2', 'h3'] as const;
export const service = 'photo-worker';
/** Places of each host: any one of them has room for all instances that are ever wanted. */
export const most = 6;
/** How long a host, and a worker, may be silent, in milliseconds. */
export const leases = { hostMs: 4_000, taskMs: 4_000 } as const;

const gatewayProgram = fileURLToPath(new URL('../programs/gateway.mjs', import.meta.url));
const workerProgram = fileURLToPath(new URL('beating-worker.mjs', import.meta.url));

/** A gateway and three hosts, each on a machine of its own, and a desk that files come from; over TLS, signed in. */
export class MachinesWithHosts {
  readonly machines: LabMachines;
  readonly servers = new Map<string, StartedServer>();
  readonly #folder: string;
  readonly #port: number;
  #desk: Caller | undefined;

  /** Sets all of it up; resolves when the hosts are connected. */
  static async open(): Promise<MachinesWithHosts> {
    const machines = await openMachines(['gateway', ...hostNames, 'desk']);
    const folder = await mkdtemp(join(tmpdir(), 'starling-faults-'));
    const all = new MachinesWithHosts(machines, folder, await freePort());
    try {
      await all.#setUp();
      return all;
    } catch (error) {
      await all.close();
      throw error;
    }
  }

  constructor(machines: LabMachines, folder: string, port: number) {
    this.machines = machines;
    this.#folder = folder;
    this.#port = port;
  }

  get desk(): Caller {
    if (this.#desk === undefined) throw new Error('The desk is not there yet.');
    return this.#desk;
  }

  /** Where instances write when they work, and where hosts have their folders. */
  get beats(): string {
    return this.#path('beats');
  }
  get hosts(): string {
    return this.#path('hosts');
  }

  /** Ends all as operators would: the hosts, and then the gateway. */
  async stop(): Promise<void> {
    for (const name of [...hostNames, 'gateway']) await this.servers.get(name)?.stop();
  }

  async close(): Promise<void> {
    await this.#desk?.kill();
    for (const server of this.servers.values()) await server.close();
    await this.machines.remove();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #setUp(): Promise<void> {
    const { address } = this.machines.get('gateway');
    const [tls, url] = [this.#path('tls'), `https://${address}:${this.#port}`];
    await mkdir(this.beats);
    await writeFile(this.#path('gateway.yaml'), `${gatewayConfiguration()}\n${this.#services()}\n`);
    await this.#done('certificates', 'ca', '--out', tls);
    await this.#done('certificates', 'issue', address, '--ca', tls, '--out', tls);
    const options = {
      ...{ folder: this.#path('gateway'), configurationFile: this.#path('gateway.yaml'), leases },
      ...{ host: address, port: this.#port, authorities: join(tls, 'ca.crt') },
      tls: { certificate: join(tls, `${address}.crt`), key: join(tls, `${address}.key`) },
    };
    await this.#start('gateway', url, [gatewayProgram, JSON.stringify(options)], /^up$/);
    const token = await this.#token('operator@surf.example', 'operator');
    const ca = { NODE_EXTRA_CA_CERTS: join(tls, 'ca.crt') };
    this.#desk = new Caller('desk', this.machines.get('desk'), { gateway: { url, token } }, ca);
    await this.#desk.restart();
    for (const name of hostNames) {
      const file = this.#path(`${name}.token`);
      await writeFile(file, await this.#token(name, `host:${name}`));
      const words = ['--name', name, '--capacity', String(most), '--gateway', url, '--token-file', file];
      const where = ['--data', join(this.hosts, name), '--ca', join(tls, 'ca.crt')];
      await this.#start(name, url, [main, 'serve', 'host', ...words, ...where], /Connection\s+connected/);
    }
  }

  #services(): string {
    const command = [process.execPath, workerProgram];
    const environment = { BEATS: this.beats };
    // none until all hosts are there, so that they are spread over these
    const replicas = { desired: 0, min: 0, max: most };
    const declared = { command, environment, replicas, readiness: 'line', graceSeconds: 5 };
    return `services: ${JSON.stringify({ [service]: declared })}`;
  }

  async #start(name: string, url: string, program: readonly string[], ready: RegExp): Promise<void> {
    const machine = this.machines.get(name);
    const words = () => [process.execPath, ...program] as const;
    this.servers.set(name, await startServer({ url, machine, words, ready }));
  }

  async #token(user: string, role: string): Promise<string> {
    const words = ['token', '--user', user, '--role', role, '--data', this.#path('gateway')];
    return (await this.#done(...words)).output.trim();
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  /** A command on the gateway's machine that has to succeed. */
  async #done(...words: readonly string[]): Promise<Ended> {
    const ended = await starling(this.machines.get('gateway'), words);
    if (ended.status !== 0) throw new Error(`starling ${words.join(' ')}: ${ended.errors}`);
    return ended;
  }
}
