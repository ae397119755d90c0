import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditLog, openAuditLog } from '../../src/kernel/audit/index.js';
import { type Blobs, openLocalBlobs } from '../../src/kernel/blobs/index.js';
import { systemClock as clock } from '../../src/kernel/clock/index.js';
import { openGatewayRegistry } from '../../src/kernel/gateways/index.js';
import { openRotatingKey, pinKey } from '../../src/kernel/identity/index.js';
import { openLocalState, type State } from '../../src/kernel/state/index.js';
import { createTelemetry, type Telemetry } from '../../src/kernel/telemetry/index.js';
import {
  type AgentDirectory,
  type CatalogueStore,
  type Exchange,
  gatewayOwner,
  LocalDirectory,
  openCatalogue,
  openExchange,
  probeCaps,
} from '../../src/systems/exchange/index.js';
import {
  connectToGateways,
  type GatewayConnections,
  type LinkServer,
  openLinkServer,
  parseEnrolmentToken,
  signRedemption,
} from '../../src/systems/exchange/link/index.js';
import { type StoppableState, stoppable } from './stoppable-state.js';
import { exampleParsed, smallPool } from './test-consortium.js';

/** How long others wait for a gateway that vanished, in milliseconds. */
const ttlMs = 3_000;

/** One gateway of several that share a state, with a view of its own on that. */
export interface TestGateway {
  readonly url: string;
  readonly exchange: Exchange;
  readonly link: LinkServer;
  readonly directory: AgentDirectory;
  readonly catalogue: CatalogueStore;
  readonly audit: AuditLog;
  /** Stops what the gateway does with the state and with its agents' streams, as SIGSTOP would. */
  readonly process: StoppableState;
  close(): Promise<void>;
}

/** Several gateways over one state, and an agent of each party that keeps a stream to each of them. */
export interface TestGateways {
  readonly state: State;
  readonly gateways: readonly [TestGateway, TestGateway];
  readonly connections: ReadonlyMap<string, GatewayConnections>;
  /** Resolves when a gateway sees the agents of all parties, and has their agreements. */
  seen(gateway: TestGateway): Promise<void>;
  remove(): Promise<void>;
}

const parties = ['VU', 'UVA', 'RUG', 'SURF'];

/** Opens the state once for each of two gateways; `close` ends what was opened. */
export type OpenStates = (folder: string) => Promise<{
  readonly states: readonly [State, State];
  close(): Promise<void>;
}>;

/** One embedded state, which both use. */
export const embedded: OpenStates = async (folder) => {
  const state = await openLocalState({ folder: join(folder, 'state'), clock });
  return { states: [state, state], close: () => state.close() };
};

/** Two gateways of the example consortium. */
export async function openTestGateways(openStates: OpenStates): Promise<TestGateways> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-gateways-'));
  const telemetry = await createTelemetry({
    ...{ service: 'test', version: '0', logLevel: 'error', environment: {} },
  });
  const { states, close } = await openStates(folder);
  const [state] = states;
  const blobs = await openLocalBlobs({ folder: join(folder, 'blobs') });
  const shared = { folder, blobs, telemetry };
  const one = await openGateway('one', states[0], shared);
  const two = await openGateway('two', states[1], shared);
  const key = await openRotatingKey(join(folder, 'gateway.key'));
  const connections = new Map<string, GatewayConnections>();
  const agents = new LocalDirectory({
    folder: join(folder, 'agents'),
    sourceFolder: folder,
    declarations: () => one.exchange.catalogue(),
    agreements: exampleParsed().agreements,
    trust: { gatewayKeys: () => [key.publicKey], people: 'open' },
    onOpened: async ({ agent, key: partyKey }) => {
      const { party } = agent;
      // each enrols at one of them, which tells of the other
      const at = party === 'UVA' ? two : one;
      const { enrolments } = at.link;
      const { token } = await enrolments.invite(party, { url: at.url, ttlMs: 60_000, by: 'operator' });
      const { secret, gatewayKey } = parseEnrolmentToken(token);
      await enrolments.redeem(await signRedemption(party, secret, partyKey, gatewayKey));
      const connection = connectToGateways({
        ...{ agent, url: at.url, clock, logger: telemetry.logger },
        key: () => ({ key: partyKey, changes: partyKey.changes }),
        gatewayKeys: () => pinKey(key.publicKey),
        onGatewayKeys: async () => undefined,
      });
      connections.set(party, connection);
    },
    ...{ sizes: smallPool, support: await probeCaps(), clock, telemetry },
  });
  await agents.refresh();
  const agreements = Object.keys(exampleParsed().agreements);
  const seen = ({ directory, catalogue }: TestGateway) =>
    new Promise<void>((resolve) => {
      const look = () => {
        const known = catalogue.current().agreements;
        if (!parties.every((party) => directory.get(party)?.status().online)) return;
        if (!agreements.every((party) => known.has(party))) return;
        for (const stop of following) stop();
        resolve();
      };
      const following = [directory.onChange(look), catalogue.onChange(look)];
      look();
    });
  return {
    ...{ state, gateways: [one, two], connections, seen },
    remove: async () => {
      for (const { process } of [one, two]) process.goOn();
      await Promise.all([...connections.values()].map((connection) => connection.close()));
      await Promise.all([one.close(), two.close()]);
      await agents.close();
      await blobs.close();
      await close();
      await telemetry.shutdown();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Shared {
  readonly folder: string;
  readonly blobs: Blobs;
  readonly telemetry: Telemetry;
}

async function openGateway(
  name: string,
  all: State,
  { folder, blobs, telemetry }: Shared,
): Promise<TestGateway> {
  const { logger } = telemetry;
  const process = stoppable(all);
  const { state } = process;
  const key = await openRotatingKey(join(folder, 'gateway.key'));
  const http = createServer((_request, response) => response.writeHead(404).end());
  const url = await listening(http);
  const startedAt = new Date().toISOString();
  const self = {
    id: `${name}-${startedAt}`,
    url,
    publicUrl: 'https://starling.example',
    version: '0',
    startedAt,
  };
  const gateways = await openGatewayRegistry({ state, self, ttlMs, clock, logger });
  const audit = await openAuditLog({ state, owner: gatewayOwner, key, clock });
  const linkKey = { key, changes: key.changes };
  const link = await openLinkServer({ state, key: () => linkKey, clock, logger, audit, gateways });
  http.on('upgrade', (request, socket, head) => link.accept(request, socket, head));
  const catalogue = await openCatalogue(state, { clock, logger });
  await catalogue.applyConfiguration({ ...exampleParsed(), agreements: {} }, 'starling.yaml');
  const { directory, enrolments } = link;
  const exchange = await openExchange({
    ...{ state, catalogue, directory, clock, telemetry, gateways, blobs },
    signer: { key, audit, keysOf: (party) => enrolments.everyKeyOf(party) },
    folder: join(folder, name),
  });
  return {
    ...{ url, exchange, link, directory, catalogue, audit, process },
    close: async () => {
      await exchange.close();
      await link.close();
      await catalogue.close();
      await gateways.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

async function listening(http: Server): Promise<string> {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/`;
}
