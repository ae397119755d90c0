import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { AuditLog } from '../../../kernel/audit/index.js';
import { ManualClock } from '../../../kernel/clock/index.js';
import { pinKey, type SigningKey } from '../../../kernel/identity/index.js';
import { madeKey } from '../../../kernel/identity/made-key.js';
import { openLocalState } from '../../../kernel/state/index.js';
import type { Agent } from '../agent/agent.js';
import { type AgentConnection, type ConnectAgentOptions, connectAgent } from './agent-end/connect-agent.js';
import { parseEnrolmentToken } from './enrolment/enrolment-token.js';
import { signRedemption } from './enrolment/redemption.js';
import { type LinkServer, openLinkServer } from './gateway-end/link-server.js';
import type { LinkKey } from './handshake/link-key.js';

/** A silent logger, for tests. */
export const silent = pino({ level: 'silent' });

/** An audit log for tests that keeps what it is given in `entries`. */
export function keptAudit(entries: { readonly type: string; readonly data: unknown }[]): AuditLog {
  const unused = () => Promise.reject(new Error('The link only appends.'));
  return {
    owner: 'gateway',
    append: async (type, data) => {
      entries.push({ type, data });
      return { sequence: entries.length, at: '', type, data, previous: '', hash: '' };
    },
    keys: () => [],
    head: unused,
    page: unused,
    keep: unused,
    received: unused,
  };
}

/** Calls `done` until it is true: now, and whenever `subscribe` tells of a change. */
export function until(subscribe: (callback: () => void) => () => void, done: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    let stop: () => void = () => undefined;
    const look = () => {
      if (!done()) return;
      stop();
      resolve();
    };
    stop = subscribe(look);
    look();
  });
}

/** A gateway's end on a real socket of this machine, with a clock that the test holds. */
export async function madeLink() {
  const folder = mkdtempSync(join(tmpdir(), 'starling-link-'));
  const clock = new ManualClock();
  const state = await openLocalState({ folder });
  const audited: { readonly type: string; readonly data: unknown }[] = [];
  const connections: AgentConnection[] = [];
  const first: LinkKey = { key: madeKey(), changes: [] };
  const http = createServer();
  const link = {
    clock,
    state,
    audited,
    gatewayKey: first,
    server: undefined as unknown as LinkServer,
    url: '',
    /** Opens the gateway's end again, as a new process would. */
    restart: async () => {
      await link.server.close();
      link.server = await open();
    },
    /** Pins a key of a party, as an invitation would. */
    enrol: async (party: string, key: SigningKey = madeKey()): Promise<LinkKey> => {
      const { url } = link;
      const { enrolments } = link.server;
      const { token } = await enrolments.invite(party, { url, ttlMs: 60_000, by: 'operator' });
      const { secret, gatewayKey } = parseEnrolmentToken(token);
      await enrolments.redeem(await signRedemption(party, secret, key, gatewayKey));
      return { key, changes: [] };
    },
    /** Connects an agent, with pins of its own. */
    connect: (agent: Agent, key: LinkKey, changes: Partial<ConnectAgentOptions> = {}): AgentConnection => {
      let pinned = pinKey(first.key.publicKey);
      const connection = connectAgent({
        agent,
        url: link.url,
        key: () => key,
        gatewayKeys: () => pinned,
        onGatewayKeys: async (keys) => {
          pinned = keys;
        },
        clock,
        logger: silent,
        backoff: { initialMs: 100, maxMs: 1_000, jitter: 'none' },
        ...changes,
      });
      connections.push(connection);
      return connection;
    },
    /** Resolves when the gateway sees the party's agent, or no more. */
    seen: (party: string, online = true): Promise<void> => {
      const { directory } = link.server;
      return until(directory.onChange, () => directory.get(party)?.status().online === online);
    },
    close: async () => {
      await Promise.all(connections.map((connection) => connection.close()));
      await link.server.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await state.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const open = () =>
    openLinkServer({ state, key: () => link.gatewayKey, clock, logger: silent, audit: keptAudit(audited) });
  link.server = await open();
  http.on('upgrade', (request, socket, head) => link.server.accept(request, socket, head));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  link.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return link;
}
