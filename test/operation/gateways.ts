import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Closers, openWhole } from '../../src/kernel/closers/index.js';
import { exampleConfiguration } from '../../src/systems/exchange/index.js';
import { startEtcd } from '../servers/etcd.js';
import { startNats } from '../servers/nats.js';
import { freePort } from './free-port.js';
import { type Ended, type Serving, serve, starling } from './starling-process.js';

/** What people reach gateways by. */
interface Balancer {
  readonly url: string;
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
  readonly #closers: Closers;
  readonly #running = new Set<Serving>();

  private constructor(
    folder: string,
    publicUrl: string,
    ports: readonly [number, number],
    engines: { readonly state: string; readonly queue: string },
    closers: Closers,
  ) {
    this.folder = folder;
    this.publicUrl = publicUrl;
    this.ports = ports;
    this.state = engines.state;
    this.queue = engines.queue;
    this.#closers = closers;
  }

  /** Sets them up, with their engines; people reach the first gateway. */
  static open(): Promise<Gateways> {
    return openWhole(async (closers) => {
      const ports = await twoPorts();
      return Gateways.#setUp(closers, ports, `http://127.0.0.1:${ports[0]}`);
    });
  }

  /** As `open`, with a load balancer in front of the two ports, which closing them ends. */
  static behind<Balancing extends Balancer>(
    startBalancer: (ports: readonly number[]) => Promise<Balancing>,
  ): Promise<{ readonly gateways: Gateways; readonly balancer: Balancing }> {
    return openWhole(async (closers) => {
      const ports = await twoPorts();
      const balancer = closers.own(await startBalancer(ports));
      return { gateways: await Gateways.#setUp(closers, ports, balancer.url), balancer };
    });
  }

  static async #setUp(
    closers: Closers,
    ports: readonly [number, number],
    publicUrl: string,
  ): Promise<Gateways> {
    const folder = await mkdtemp(join(tmpdir(), 'starling-gateways-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const example = exampleConfiguration();
    await writeFile(join(folder, 'vu.yaml'), example);
    const atAgents = example.replaceAll(/\{ sample: \{.*\} \}/g, '{ atAgent: true }');
    await writeFile(join(folder, 'gateway.yaml'), atAgents);
    await mkdir(join(folder, 'keys'));
    for (const name of ['g1', 'g2']) {
      await mkdir(join(folder, name));
      await symlink('../keys', join(folder, name, 'keys'));
    }
    const etcd = closers.own(await startEtcd());
    const nats = closers.own(await startNats());
    const engines = { state: etcd.url.replace('http:', 'etcd:'), queue: nats.url };
    return new Gateways(folder, publicUrl, ports, engines, closers);
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
    await this.#closers.close();
  }

  async #serve(words: readonly string[], line: RegExp): Promise<Serving> {
    const serving = await serve(this.folder, words, line);
    this.#running.add(serving);
    return serving;
  }
}

async function twoPorts(): Promise<readonly [number, number]> {
  return [await freePort(), await freePort()];
}
