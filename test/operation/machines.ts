import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { exampleConfiguration } from '../../src/systems/exchange/index.js';
import { freePort } from './free-port.js';
import { type Serving, serve, starling } from './starling-process.js';

/** A gateway and the agent of VU as processes of their own, on loopback without TLS, in a folder that `close` removes. */
export class Machines {
  readonly folder: string;
  readonly url: string;
  readonly #running = new Set<Serving>();

  private constructor(folder: string, url: string) {
    this.folder = folder;
    this.url = url;
  }

  static async open(): Promise<Machines> {
    const folder = await mkdtemp(join(tmpdir(), 'starling-desk-'));
    const example = exampleConfiguration();
    await writeFile(join(folder, 'vu.yaml'), example);
    const atAgents = example.replaceAll(/\{ sample: \{.*\} \}/g, '{ atAgent: true }');
    await writeFile(join(folder, 'gateway.yaml'), atAgents);
    return new Machines(folder, `http://127.0.0.1:${await freePort()}`);
  }

  /** Runs a command, signed in with these roles, that has to succeed; gives its output. */
  async done(words: readonly string[], ...roles: readonly string[]): Promise<string> {
    const { status, out, err } = await this.run(words, roles);
    expect({ words, status, err: status === 0 ? '' : err }).toEqual({ words, status: 0, err: '' });
    return out;
  }

  async run(
    words: readonly string[],
    roles: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ): ReturnType<typeof starling> {
    const signedIn = roles.length === 0 ? {} : { STARLING_TOKEN: await this.#token(roles) };
    return starling(this.folder, words, { STARLING_URL: this.url, ...signedIn, ...environment });
  }

  async gateway(
    environment: Readonly<Record<string, string>> = {},
    options: readonly string[] = [],
  ): Promise<Serving> {
    const port = new URL(this.url).port;
    const words = ['serve', 'gateway', '--config', 'gateway.yaml', '--data', 'gateway', '--port', port];
    return this.#serve([...words, ...options], /API +(\S+)/, environment);
  }

  /** Invites the agent of VU, and has it accept. */
  async enrol(): Promise<void> {
    await writeFile(join(this.folder, 'vu.token'), await this.done(['enroll', 'invite', 'VU'], 'operator'));
    await this.done(['enroll', 'accept', '@vu.token', '--data', 'vu', '--yes']);
  }

  /** Starts the agent; resolves when it is connected. */
  async agent(): Promise<Serving> {
    const words = ['serve', 'agent', '--party', 'VU', '--config', 'vu.yaml', '--data', 'vu'];
    return this.#serve(words, /Connection +(connected)/);
  }

  /** The state that a question to VU ends in. */
  async ask(): Promise<string> {
    const words = ['ask', '--providers', 'VU', '--algorithm', 'count', '--json'];
    return JSON.parse(await this.done(words, 'requester')).state;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((one) => one.stop()));
    await rm(this.folder, { recursive: true, force: true });
  }

  async #serve(words: readonly string[], line: RegExp, environment = {}): Promise<Serving> {
    const serving = await serve(this.folder, words, line, environment);
    this.#running.add(serving);
    return serving;
  }

  async #token(roles: readonly string[]): Promise<string> {
    const words = ['token', '--user', 'ada@university.example', '--role', ...roles, '--data', 'gateway'];
    return (await starling(this.folder, words)).out.trim();
  }
}
