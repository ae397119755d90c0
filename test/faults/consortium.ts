import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleConfiguration } from '../../src/systems/exchange/index.js';
import { type Machine, openNetwork } from './network.js';
import { Daemon, type Ended, starling } from './process.js';

/** Parties with an agent of their own: two with data, one that computes. */
export const parties = ['VU', 'UVA', 'SURF'] as const;
export type PartyName = (typeof parties)[number];
export type Served = 'gateway' | PartyName;
export type MachineName = Served | 'desk';

export const ada = 'ada@university.example';

/** What an agent says when its stream stands. */
const connected = `${'Connection'.padEnd(14)} connected`;

const port = 8443;
/** Where SURF takes rows. */
const rowsPort = 8444;

/** A gateway and three agents, each on a machine of its own, and a desk where people type. */
export class Consortium {
  readonly folder: string;
  readonly machines: Readonly<Record<string, Machine>>;
  readonly #removeNetwork: () => Promise<void>;
  readonly #daemons = new Map<string, Daemon>();
  readonly #tokens = new Map<string, string>();

  /** Sets it up with the commands that people use: certificates, tokens, enrolment; all four are running then. */
  static async open(): Promise<Consortium> {
    const folder = await mkdtemp(join(tmpdir(), 'starling-faults-'));
    const network = await openNetwork(['gateway', ...parties, 'desk']);
    const consortium = new Consortium(folder, network.machines, network.remove);
    try {
      await consortium.#setUp();
      return consortium;
    } catch (error) {
      await consortium.close();
      throw error;
    }
  }

  constructor(
    folder: string,
    machines: Readonly<Record<string, Machine>>,
    removeNetwork: () => Promise<void>,
  ) {
    this.folder = folder;
    this.machines = machines;
    this.#removeNetwork = removeNetwork;
  }

  /** The process that runs on a machine now. */
  pid(name: Served): number {
    const daemon = this.#daemons.get(name);
    if (daemon === undefined) throw new Error(`Nothing runs at ${name}.`);
    return daemon.pid;
  }

  /** What a program needs to call the gateway as a person. */
  access(user: string): { readonly url: string; readonly token: string; readonly ca: string } {
    const url = `https://${this.machine('gateway').address}:${port}`;
    return { url, token: this.#tokens.get(user) ?? '', ca: this.path('tls/ca.crt') };
  }

  /** `starling` at the desk, as Ada unless it is said otherwise. */
  at(words: readonly string[], user = ada): Promise<Ended> {
    const { url, token, ca } = this.access(user);
    const environment = { STARLING_URL: url, STARLING_CA: ca, STARLING_TOKEN: token };
    return starling(this.machine('desk'), words, environment);
  }

  machine(name: MachineName): Machine {
    const machine = this.machines[name];
    if (machine === undefined) throw new Error(`There is no machine ${name}.`);
    return machine;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Starts what runs on a machine; resolves when it is up, which for an agent means that it is connected. */
  async start(name: Served): Promise<void> {
    const words = name === 'gateway' ? this.#gatewayWords() : this.#agentWords(name);
    const until = name === 'gateway' ? 'Access' : connected;
    this.#daemons.set(name, await Daemon.start(this.machine(name), words, until));
  }

  /** Resolves when an agent says that it is connected, after it was not. */
  async connected(party: PartyName): Promise<void> {
    await this.#daemons.get(party)?.says(connected);
  }

  /** Resolves when the gateway has taken the next request. */
  async asked(): Promise<void> {
    await this.#daemons.get('gateway')?.says('"route":"/api/v1/requests"');
  }

  /** `kill -9`. */
  async kill(name: Served): Promise<void> {
    await this.#daemons.get(name)?.kill();
    this.#daemons.delete(name);
  }

  async stop(name: Served): Promise<void> {
    await this.#daemons.get(name)?.stop();
    this.#daemons.delete(name);
  }

  async close(): Promise<void> {
    for (const daemon of this.#daemons.values()) await daemon.stop();
    this.#daemons.clear();
    await this.#removeNetwork();
    await rm(this.folder, { recursive: true, force: true });
  }

  #gatewayWords(): string[] {
    const { address } = this.machine('gateway');
    return [
      ...['serve', 'gateway', '--config', this.path('gateway.yaml'), '--data', this.path('gateway')],
      ...['--host', address, '--port', String(port), '--log-level', 'debug'],
      ...['--tls-cert', this.path(`tls/${address}.crt`), '--tls-key', this.path(`tls/${address}.key`)],
    ];
  }

  #agentWords(party: PartyName): string[] {
    return [
      'serve',
      'agent',
      '--party',
      party,
      '--config',
      this.path('agent.yaml'),
      '--data',
      this.path(party),
      ...(party === 'SURF' ? ['--listen-rows', `${this.machine(party).address}:${rowsPort}`] : []),
    ];
  }

  async #setUp(): Promise<void> {
    await writeFile(this.path('gateway.yaml'), gatewayConfiguration());
    await writeFile(this.path('agent.yaml'), exampleConfiguration());
    const { address } = this.machine('gateway');
    const tls = this.path('tls');
    await this.#done(['certificates', 'ca', '--out', tls]);
    await this.#done(['certificates', 'issue', address, '--ca', tls, '--out', tls]);
    await this.start('gateway');
    const roles = {
      [ada]: ['requester'],
      'steward@vu.example': ['steward:VU'],
      'steward@uva.example': ['steward:UVA'],
      'operator@surf.example': ['operator'],
    };
    for (const [user, names] of Object.entries(roles)) {
      const options = names.flatMap((role) => ['--role', role]);
      const made = await this.#done(['token', '--user', user, ...options, '--data', this.path('gateway')]);
      this.#tokens.set(user, made.output.trim());
    }
    for (const party of parties) await this.#enrol(party);
    await Promise.all(parties.map((party) => this.start(party)));
  }

  async #enrol(party: PartyName): Promise<void> {
    const invited = await this.at(['enroll', 'invite', party, '--json'], 'operator@surf.example');
    if (invited.status !== 0) throw new Error(`${party} was not invited: ${invited.errors}`);
    const { token } = JSON.parse(invited.output) as { token: string };
    const words = [
      'enroll',
      'accept',
      token,
      '--yes',
      '--data',
      this.path(party),
      '--ca',
      this.path('tls/ca.crt'),
    ];
    const accepted = await starling(this.machine(party), words);
    if (accepted.status !== 0) throw new Error(`${party} was not enrolled: ${accepted.errors}`);
  }

  /** A command on the gateway's machine that has to succeed. */
  async #done(words: readonly string[]): Promise<Ended> {
    const ended = await starling(this.machine('gateway'), words);
    if (ended.status !== 0) throw new Error(`starling ${words.join(' ')}: ${ended.errors}`);
    return ended;
  }
}

/** The example without agreements, and with the rows left to the agents. */
export function gatewayConfiguration(): string {
  const text = exampleConfiguration();
  const from = text.indexOf('# What each data provider allows');
  const to = text.indexOf('# The patterns of who computes');
  return (text.slice(0, from) + text.slice(to)).replace(/\{ sample: \{ seed: \d \} \}/g, '{ atAgent: true }');
}
