import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuditLog } from '../../kernel/audit/index.js';
import type { Clock } from '../../kernel/clock/index.js';
import { StarlingError } from '../../kernel/errors/index.js';
import {
  claimedSigner,
  keysInForce,
  type PinnedKeys,
  type PublicKey,
  pinKey,
  type RotatingKey,
} from '../../kernel/identity/index.js';
import type { State } from '../../kernel/state/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import type { PartyAgent } from '../../systems/exchange/index.js';
import {
  type AgentConnection,
  connectAgent,
  type LinkKey,
  type LinkServer,
  openLinkServer,
  parseEnrolmentToken,
  signRedemption,
} from '../../systems/exchange/link/index.js';

export interface LoopbackLinkOptions {
  /** The gateway's own. */
  readonly state: State;
  readonly key: RotatingKey;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The line between a gateway and agents of the same process: as between machines, over a socket that only this one reaches. */
export interface LoopbackLink {
  readonly server: LinkServer;
  /** The gateway's keys that the agents take orders with. */
  gatewayKeys(): readonly PublicKey[];
  /** Enrols an agent where its key is not pinned yet, and connects it; resolves when the gateway sees it. */
  connect(opened: PartyAgent): Promise<void>;
  /** Ends the line to a party, and forgets its key. */
  remove(party: string): Promise<void>;
  close(): Promise<void>;
}

/** Minutes in which an agent of this process redeems its invitation: at once. */
const invitationMs = 60_000;

/** Opens the gateway's end, and listens for the agents of this process on a free port of 127.0.0.1. */
export async function openLoopbackLink(options: LoopbackLinkOptions): Promise<LoopbackLink> {
  const { state, key, audit, clock, logger } = options;
  const linkKey = () => ({ key, changes: key.changes });
  const server = await openLinkServer({ state, key: linkKey, clock, logger, audit });
  key.onRotated(() => server.renew());
  const http = createServer((_request, response) => response.writeHead(404).end());
  http.on('upgrade', (request, socket, head) => server.accept(request, socket, head));
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  let pinned = pinKey(key.publicKey);
  const connections = new Map<string, AgentConnection>();
  const seen = (party: string, connection: AgentConnection) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        const { error } = connection.status();
        const isOnline = server.directory.get(party)?.status().online === true;
        if (error === undefined && !isOnline) return;
        for (const stop of following) stop();
        if (error === undefined) resolve();
        else reject(StarlingError.fromRecord(error));
      };
      const following = [server.directory.onChange(look), connection.onChange(look)];
      look();
    });
  return {
    server,
    gatewayKeys: () => keysInForce(pinned, clock.wallTime()),
    async connect({ agent, key: partyKey }) {
      const { party } = agent;
      const linkKey: LinkKey = { key: partyKey, changes: partyKey.changes };
      await enrol(server, party, linkKey, url);
      const onGatewayKeys = async (keys: PinnedKeys) => {
        pinned = keys;
      };
      const connection = connectAgent({
        agent,
        key: () => linkKey,
        url,
        gatewayKeys: () => pinned,
        onGatewayKeys,
        clock,
        logger,
      });
      connections.set(party, connection);
      await seen(party, connection);
    },
    async remove(party) {
      await connections.get(party)?.close();
      connections.delete(party);
      await server.enrolments.revoke(party, 'configuration');
    },
    async close() {
      await Promise.all([...connections.values()].map((connection) => connection.close()));
      await server.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

/** Invites and redeems in one go: the invitation is used up before anybody could read it. */
async function enrol(
  server: LinkServer,
  party: string,
  { key, changes }: LinkKey,
  url: string,
): Promise<void> {
  const { enrolments } = server;
  const known = enrolments.pinned(party)?.current.kid;
  // a key that was rotated shows by itself how it came about; one that was made anew has to be invited
  const isKnown = [key.publicKey.kid, ...changes.map((one) => claimedSigner(one, 'starling-key+jwt'))];
  if (known !== undefined && isKnown.includes(known)) return;
  const { token } = await enrolments.invite(party, { url, ttlMs: invitationMs, by: 'configuration' });
  const { secret, gatewayKey } = parseEnrolmentToken(token);
  await enrolments.redeem(await signRedemption(party, secret, key, gatewayKey));
}
