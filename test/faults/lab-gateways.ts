import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWhole } from '../../src/kernel/closers/index.js';
import { freePort } from '../operation/free-port.js';
import type { ServerMachine } from '../servers/started-server.js';
import { Caller } from './caller.js';
import { type LabMachines, openMachines } from './lab-machines.js';
import { starlingOutput } from './process.js';
import type { SuiteEngine } from './run-suite.js';
import type { OpenedEngines, SharedEngines } from './shared-engines.js';

/** What gateways keep everything in: engines that two of them share; without any, the folder of the only one. */
export interface GatewayEngine extends SuiteEngine {
  readonly shared?: SharedEngines;
}

/** A gateway that is to be started. */
export interface GatewayPlan {
  readonly name: string;
  readonly machine: ServerMachine;
  readonly url: string;
  /** A program of Node.js, with its arguments, which says `up` when it works. */
  readonly program: readonly string[];
}

/** What gateways are set up with. */
export interface GatewaysOptions<Process> {
  readonly shared: SharedEngines | undefined;
  /** Names of the machines of others. */
  readonly others: readonly string[];
  /** The text of their configuration; `path` gives that of a file in the folder of the run. */
  readonly configuration: (path: (name: string) => string) => string;
  /** How long hosts, and workers, may be silent, in milliseconds. */
  readonly leases: { readonly hostMs: number; readonly taskMs: number };
  /** Resolves when the gateway works. */
  readonly start: (gateway: GatewayPlan) => Promise<Process>;
}

/** Gateways, each on a machine of its own, over TLS and signed in, with a desk for each; and machines for others. */
export interface LabGateways<Process> {
  readonly machines: LabMachines;
  /** By their names. */
  readonly processes: ReadonlyMap<string, Process>;
  readonly urls: readonly string[];
  /** One who calls each gateway as an operator, in their order. */
  readonly desks: readonly Caller[];
  /** The file of the authority that vouches for them. */
  readonly authority: string;
  /** None where the only gateway keeps everything in its folder. */
  readonly engines: OpenedEngines | undefined;
  /** A file in the folder of the run; each gateway has a folder of its name there. */
  path(name: string): string;
  /** A token of their own issuer. */
  token(user: string, role: string): Promise<string>;
  /** Ends all of it, and removes what it made. */
  close(): Promise<void>;
}

const program = fileURLToPath(new URL('programs/gateway.mjs', import.meta.url));

/** Sets them up by the commands that people use; resolves when all of them work. */
export function openGateways<Process extends { close(): Promise<unknown> }>(
  options: GatewaysOptions<Process>,
): Promise<LabGateways<Process>> {
  const { shared, others, configuration, leases, start } = options;
  const names = shared === undefined ? ['gateway'] : ['gateway-1', 'gateway-2'];
  return openWhole(async (closers) => {
    const folder = await mkdtemp(join(tmpdir(), 'starling-faults-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const path = (name: string) => join(folder, name);
    const machines = await openMachines([...(shared?.machines ?? []), ...names, ...others, 'desk']);
    closers.push(() => machines.remove());
    const engines = await shared?.open(machines);
    closers.push(async () => engines?.close());
    const places = await Promise.all(names.map(async (name) => placeOf(name, machines.get(name))));
    const urls = places.map(({ url }) => url);
    const [tls, authority] = [path('tls'), path('tls/ca.crt')];
    const [{ name: first, machine } = nowhere()] = places;
    await writeFile(path('gateway.yaml'), configuration(path));
    await starlingOutput(machine, 'certificates', 'ca', '--out', tls);
    // all sign with the one key of the consortium
    await mkdir(path('keys'));
    const processes = new Map<string, Process>();
    for (const { name, machine, port, url } of places) {
      const { address } = machine;
      await starlingOutput(machine, 'certificates', 'issue', address, '--ca', tls, '--out', tls);
      await mkdir(path(name));
      await symlink('../keys', path(`${name}/keys`));
      const served = {
        ...{ folder: path(name), configurationFile: path('gateway.yaml'), leases },
        ...{ host: address, port, publicUrl: urls[0], ownUrl: url },
        ...{ engines: engines?.addresses, authorities: authority },
        tls: { certificate: path(`tls/${address}.crt`), key: path(`tls/${address}.key`) },
      };
      const words = [program, JSON.stringify(served)];
      processes.set(name, closers.own(await start({ name, machine, url, program: words })));
    }
    const token = (user: string, role: string) =>
      starlingOutput(machine, 'token', '--user', user, '--role', role, '--data', path(first));
    const access = await token('operator@surf.example', 'operator');
    const desks: Caller[] = [];
    for (const [index, url] of urls.entries()) {
      const gateway = { url, token: access };
      const trust = { NODE_EXTRA_CA_CERTS: authority };
      const desk = new Caller(`desk-${index + 1}`, machines.get('desk'), { gateway }, trust);
      closers.push(() => desk.kill());
      await desk.restart();
      desks.push(desk);
    }
    return { machines, processes, urls, desks, authority, engines, path, token, close: closers.close };
  });
}

async function placeOf(name: string, machine: ServerMachine) {
  const port = await freePort();
  return { name, machine, port, url: `https://${machine.address}:${port}` };
}

function nowhere(): never {
  throw new Error('There is no gateway.');
}
