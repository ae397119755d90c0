import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleConfiguration } from '../../src/systems/exchange/index.js';
import type { Target } from './inject.js';
import { type Machine, openNetwork } from './network.js';
import { Daemon, type Ended, starling, starlingOutput } from './process.js';
import type { OpenedEngines, SharedEngines } from './shared-engines.js';

/** Parties with an agent of their own: two with data, one that computes. */
export const parties = ['VU', 'UVA', 'SURF'] as const;
export type PartyName = (typeof parties)[number];
/** The second is there where gateways share their state. */
export const gatewayNames = ['gateway', 'gateway2'] as const;
export type GatewayName = (typeof gatewayNames)[number];
export type Served = GatewayName | PartyName;

export const ada = 'ada@university.example';
export const operator = 'operator@surf.example';
/** The steward of a provider. */
export const stewardOf = (provider: 'VU' | 'UVA') => `steward@${provider.toLowerCase()}.example`;

/** What an agent says when its stream stands. */
const connected = `${'Connection'.padEnd(14)} connected`;

const port = 8443;
/** Where SURF takes rows. */
const rowsPort = 8444;

/** A gateway or two, and three agents, each on a machine of its own, and a desk where people type. */
export class Consortium {
  readonly folder: string;
  readonly machines: Readonly<Record<string, Machine>>;
  readonly gateways: readonly GatewayName[];
  readonly #removeNetwork: () => Promise<void>;
  readonly #daemons = new Map<string, Daemon>();
  readonly #tokens = new Map<string, string>();
  #engines: OpenedEngines | undefined;

  /**
   * Sets it up with the commands that people use: certificates, tokens, enrolment; all are running then. With engines there are
   * two gateways over these; else there is one, which keeps everything itself.
   */
  static async open(engines?: SharedEngines): Promise<Consortium> {
    const folder = await mkdtemp(join(tmpdir(), 'starling-faults-'));
    const gateways = engines === undefined ? gatewayNames.slice(0, 1) : gatewayNames;
    const network = await openNetwork([...gateways, ...parties, 'desk', ...(engines?.machines ?? [])]);
    const consortium = new Consortium(folder, gateways, network.machines, network.remove);
    try {
      await consortium.#setUp(engines);
      return consortium;
    } catch (error) {
      await consortium.close();
      throw error;
    }
  }

  constructor(
    folder: string,
    gateways: readonly GatewayName[],
    machines: Readonly<Record<string, Machine>>,
    removeNetwork: () => Promise<void>,
  ) {
    this.folder = folder;
    this.gateways = gateways;
    this.machines = machines;
    this.#removeNetwork = removeNetwork;
  }

  /** The process that runs on a machine now. */
  pid(name: Served): number {
    const daemon = this.#daemons.get(name);
    if (daemon === undefined) throw new Error(`Nothing runs at ${name}.`);
    return daemon.pid;
  }

  /** What faults can hit of the engines. */
  get engineTargets(): readonly Target[] {
    return this.#engines?.targets ?? [];
  }

  /** What a program needs to call a gateway as a person. */
  access(
    user: string,
    gateway: GatewayName = 'gateway',
  ): { readonly url: string; readonly token: string; readonly ca: string } {
    return { url: this.#url(gateway), token: this.#tokens.get(user) ?? '', ca: this.path('tls/ca.crt') };
  }

  /** `starling` at the desk, as Ada unless it is said otherwise. */
  at(words: readonly string[], user = ada): Promise<Ended> {
    const { url, token, ca } = this.access(user);
    const environment = { STARLING_URL: url, STARLING_CA: ca, STARLING_TOKEN: token };
    return starling(this.machine('desk'), words, environment);
  }

  machine(name: string): Machine {
    const machine = this.machines[name];
    if (machine === undefined) throw new Error(`There is no machine ${name}.`);
    return machine;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Starts what runs on a machine; resolves when it is up, which for an agent means that it is connected. */
  async start(name: Served): Promise<void> {
    const [words, until] = isGateway(name)
      ? [this.#gatewayWords(name), 'Access']
      : [this.#agentWords(name), connected];
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
    await this.#engines?.close();
    await this.#removeNetwork();
    await rm(this.folder, { recursive: true, force: true });
  }

  #url(gateway: GatewayName): string {
    return `https://${this.machine(gateway).address}:${port}`;
  }

  #gatewayWords(name: GatewayName): string[] {
    const [certified] = this.#addresses();
    const { addresses } = this.#engines ?? {};
    const shared =
      addresses === undefined
        ? []
        : ['--public-url', this.#url('gateway'), '--state', addresses.state, '--queue', addresses.queue];
    return [
      ...['serve', 'gateway', '--config', this.path('gateway.yaml'), '--data', this.path(name)],
      ...['--host', this.machine(name).address, '--port', String(port), '--log-level', 'debug'],
      ...['--tls-cert', this.path(`tls/${certified}.crt`), '--tls-key', this.path(`tls/${certified}.key`)],
      ...shared,
    ];
  }

  #addresses(): string[] {
    return this.gateways.map((name) => this.machine(name).address);
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

  async #setUp(engines: SharedEngines | undefined): Promise<void> {
    this.#engines = await engines?.open({ get: (name) => this.machine(name) });
    await writeFile(this.path('gateway.yaml'), gatewayConfiguration());
    await writeFile(this.path('agent.yaml'), exampleConfiguration());
    const tls = this.path('tls');
    const machine = this.machine('gateway');
    await starlingOutput(machine, 'certificates', 'ca', '--out', tls);
    await starlingOutput(machine, 'certificates', 'issue', ...this.#addresses(), '--ca', tls, '--out', tls);
    const [first, ...others] = this.gateways;
    await this.start(first ?? 'gateway');
    for (const name of others) {
      // all sign with the one key of the consortium
      await mkdir(this.path(name), { mode: 0o700 });
      await symlink('../gateway/keys', this.path(`${name}/keys`));
      await this.start(name);
    }
    const roles = {
      [ada]: ['requester'],
      [stewardOf('VU')]: ['steward:VU'],
      [stewardOf('UVA')]: ['steward:UVA'],
      [operator]: ['operator'],
    };
    for (const [user, names] of Object.entries(roles)) {
      const words = ['--user', user, ...names.flatMap((role) => ['--role', role])];
      const token = await starlingOutput(machine, 'token', ...words, '--data', this.path('gateway'));
      this.#tokens.set(user, token);
    }
    for (const party of parties) await this.#enrol(party);
    await Promise.all(parties.map((party) => this.start(party)));
  }

  async #enrol(party: PartyName): Promise<void> {
    const invited = await this.at(['enroll', 'invite', party, '--json'], operator);
    if (invited.status !== 0) throw new Error(`${party} was not invited: ${invited.errors}`);
    const { token } = JSON.parse(invited.output) as { token: string };
    const where = ['--data', this.path(party), '--ca', this.path('tls/ca.crt')];
    await starlingOutput(this.machine(party), 'enroll', 'accept', token, '--yes', ...where);
  }
}

/** Whether it is a gateway that has that name. */
export function isGateway(name: string): name is GatewayName {
  return gatewayNames.some((gateway) => gateway === name);
}

/** The example without agreements, and with the rows left to the agents. */
export function gatewayConfiguration(): string {
  const text = exampleConfiguration();
  const from = text.indexOf('# What each data provider allows');
  const to = text.indexOf('# The patterns of who computes');
  return (text.slice(0, from) + text.slice(to)).replace(/\{ sample: \{ seed: \d \} \}/g, '{ atAgent: true }');
}
