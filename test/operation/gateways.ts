import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { exampleConfiguration } from '../../src/systems/exchange/index.js';
import { startEtcd } from '../servers/etcd.js';
import { startNats } from '../servers/nats.js';
import { freePort } from './free-port.js';
import { type Ended, type Serving, serve, starling } from './starling-process.js';

/** What a server of a test is ended by. */
interface Ending {
  close(): Promise<void>;
}

/**
 * Two gateways of one consortium as processes of their own, on loopback without TLS, over etcd and NATS; with the agent of VU.
 * They have one folder of keys. `publicUrl` is where people reach them.
 */
export class Gateways {
  readonly folder: string;
  readonly publicUrl: string;
  readonly ports: readonly [number, number];
  /** Addresses of the engines. */
  readonly state: string;
  readonly queue: string;
  readonly #servers: readonly Ending[];
  readonly #running = new Set<Serving>();

  private constructor(
    folder: string,
    publicUrl: string,
    ports: readonly [number, number],
    engines: { readonly state: string; readonly queue: string },
    servers: readonly Ending[],
  ) {
    this.folder = folder;
    this.publicUrl = publicUrl;
    this.ports = ports;
    this.state = engines.state;
    this.queue = engines.queue;
    this.#servers = servers;
  }

  /** `balancer` is put in front of the two ports; without one people reach the first gateway. */
  static async open(
    balancer?: (ports: readonly number[]) => Promise<Ending & { readonly url: string }>,
  ): Promise<Gateways> {
    const folder = await mkdtemp(join(tmpdir(), 'starling-gateways-'));
    const example = exampleConfiguration();
    await writeFile(join(folder, 'vu.yaml'), example);
    const atAgents = example.replaceAll(/\{ sample: \{.*\} \}/g, '{ atAgent: true }');
    await writeFile(join(folder, 'gateway.yaml'), atAgents);
    await mkdir(join(folder, 'keys'));
    for (const name of ['g1', 'g2']) {
      await mkdir(join(folder, name));
      await symlink('../keys', join(folder, name, 'keys'));
    }
    const ports = [await freePort(), await freePort()] as const;
    const [etcd, nats] = await Promise.all([startEtcd(), startNats()]);
    const servers: Ending[] = [etcd, nats];
    const balanced = await balancer?.(ports);
    if (balanced !== undefined) servers.push(balanced);
    const engines = { state: etcd.url.replace('http:', 'etcd:'), queue: nats.url };
    return new Gateways(folder, balanced?.url ?? `http://127.0.0.1:${ports[0]}`, ports, engines, servers);
  }

  /** Starts the gateway of a number; resolves when it is up. */
  async gateway(number: 0 | 1, options: readonly string[] = []): Promise<Serving> {
    return this.#serve([...this.#words(number), ...options], /Key +(\S+)/);
  }

  /** Starts the gateway of a number that has to be refused. */
  async refused(number: 0 | 1, environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return starling(this.folder, this.#words(number), environment);
  }

  #words(number: 0 | 1): string[] {
    const data = `g${number + 1}`;
    const own = ['--config', 'gateway.yaml', '--data', data, '--port', `${this.ports[number]}`];
    const shared = ['--public-url', this.publicUrl, '--state', this.state, '--queue', this.queue];
    return ['serve', 'gateway', ...own, ...shared, '--log-level', 'error'];
  }

  /** Invites the agent of VU, has it accept, and starts it; resolves when it is connected. */
  async agent(): Promise<Serving> {
    await writeFile(join(this.folder, 'vu.token'), await this.done(['enroll', 'invite', 'VU'], 'operator'));
    await this.done(['enroll', 'accept', '@vu.token', '--data', 'vu', '--yes']);
    const words = ['serve', 'agent', '--party', 'VU', '--config', 'vu.yaml', '--data', 'vu'];
    return this.#serve(words, /Connection +(connected)/);
  }

  /** Runs a command, signed in with these roles, that has to succeed; gives its output. */
  async done(words: readonly string[], ...roles: readonly string[]): Promise<string> {
    const signedIn = roles.length === 0 ? {} : { STARLING_TOKEN: await this.token(...roles) };
    const ended = await starling(this.folder, words, { STARLING_URL: this.publicUrl, ...signedIn });
    expect({ words, status: ended.status, err: ended.status === 0 ? '' : ended.err }).toMatchObject({
      status: 0,
    });
    return ended.out;
  }

  /** A token of the gateways' own issuer, for Ada. */
  async token(...roles: readonly string[]): Promise<string> {
    const words = ['token', '--user', 'ada@university.example', '--role', ...roles, '--data', 'g1'];
    return (await starling(this.folder, words)).out.trim();
  }

  /** Where a gateway is reached itself. */
  url(number: 0 | 1): string {
    return `http://127.0.0.1:${this.ports[number]}`;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((one) => one.stop()));
    for (const server of this.#servers) await server.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #serve(words: readonly string[], line: RegExp): Promise<Serving> {
    const serving = await serve(this.folder, words, line);
    this.#running.add(serving);
    return serving;
  }
}
