import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { AuditLog } from '../../../../kernel/audit/index.js';
import type { Clock } from '../../../../kernel/clock/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import type { GatewayRegistry } from '../../../../kernel/gateways/index.js';
import type { State } from '../../../../kernel/state/index.js';
import type { Logger } from '../../../../kernel/telemetry/index.js';
import type { Agent, AgentDirectory } from '../../agent/agent.js';
import { Enrolments } from '../enrolment/enrolments.js';
import { greetAgent, type KnownAgent } from '../handshake/greet-agent.js';
import type { LinkKey } from '../handshake/link-key.js';
import { nonce } from '../handshake/nonce.js';
import { linkLimits } from '../wire/limits.js';
import { ready } from '../wire/messages.js';
import { parsed, violation } from '../wire/parsed.js';
import { Stream } from '../wire/stream.js';
import { Entrance } from './entrance.js';
import { renewing, replaced } from './line-faults.js';
import { RemoteAgent } from './remote-agent.js';

export interface LinkServerOptions {
  /** The gateway's own; pins and invitations are kept below `link/`. */
  readonly state: State;
  /** The gateway's key; asked for each stream, so that `renew` shows a new one. */
  readonly key: () => LinkKey;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Gets an entry for each invitation, enrolment, revocation and change of keys. */
  readonly audit: AuditLog;
  /** The gateways of the consortium, of which agents are told; absent where this one is the only one. */
  readonly gateways?: Pick<GatewayRegistry, 'self' | 'all' | 'onChange'> | undefined;
  /** Milliseconds that what was asked waits for an agent that went away; 10,000 if not given. */
  readonly resumeMs?: number;
  /** Milliseconds after which a change of an agreement, or reading an audit log, is given up; 30,000 if not given. */
  readonly answerMs?: number;
}

/** Opens the gateway's end of the streams of agents. Throws `storage-failed`. */
export async function openLinkServer(options: LinkServerOptions): Promise<LinkServer> {
  let server: LinkServer | undefined;
  const enrolments = await Enrolments.open({
    state: options.state,
    key: () => options.key().key,
    clock: options.clock,
    audit: options.audit,
    logger: options.logger,
    onChange: (party, what) => server?.pinned(party, what),
  });
  server = new LinkServer(options, enrolments);
  return server;
}

/** The gateway's end of the streams of agents: who is enrolled, and a line to each of them. */
export class LinkServer {
  /** The agents of all parties that are enrolled, connected or not. */
  readonly directory: AgentDirectory;
  readonly enrolments: Enrolments;
  readonly #options: LinkServerOptions;
  readonly #entrance = new Entrance();
  readonly #boot = nonce();
  readonly #agents = new Map<string, RemoteAgent>();
  readonly #streams = new Set<Stream>();
  /** The newest greeting of each party: an older one that is slower must not take its place. */
  readonly #newest = new Map<string, Stream>();
  readonly #listeners = new Set<() => void>();
  readonly #stopListening: () => void;
  #sessions = 0;

  constructor(options: LinkServerOptions, enrolments: Enrolments) {
    this.#options = options;
    this.enrolments = enrolments;
    this.directory = {
      get: (party) => this.#agents.get(party),
      all: (): readonly Agent[] => [...this.#agents.values()],
      onChange: (callback: () => void) => {
        this.#listeners.add(callback);
        return () => this.#listeners.delete(callback);
      },
    };
    for (const party of enrolments.parties()) this.#add(party);
    this.#stopListening =
      options.gateways?.onChange(() => {
        for (const agent of this.#agents.values()) this.#tellGateways(agent);
      }) ?? (() => undefined);
  }

  /** Takes an HTTP upgrade over. Refused with 503 where too many strangers are being greeted. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#entrance.accept({ request, socket, head }, (webSocket, greeted) => {
      void this.#greet(webSocket, greeted);
    });
  }

  /** Has every agent open a new stream, so that it sees the gateway's key of now; what is in hand goes on. */
  renew(): void {
    for (const agent of this.#agents.values()) agent.disconnect('renewed', renewing());
  }

  /** Says goodbye to every agent; whatever waits for one fails with `shutting-down`. */
  async close(): Promise<void> {
    this.#entrance.shut();
    this.#stopListening();
    await this.enrolments.close();
    const error = new StarlingError(
      'shutting-down',
      'The gateway is stopping. Agents connect again by themselves.',
    );
    await Promise.all([...this.#agents.values()].map((agent) => agent.close(error)));
    const streams = [...this.#streams];
    for (const stream of streams) stream.end('closing', error);
    await Promise.all(streams.map((stream) => stream.closed));
    this.#entrance.close();
  }

  /** A party's keys have changed: only whoever holds the keys of now may stay. */
  pinned(party: string, what: 'enrolled' | 'renewed' | 'revoked'): void {
    const agent = this.#agents.get(party) ?? this.#add(party);
    if (what === 'renewed') return;
    const error = new StarlingError('signature-invalid', `The keys of ${party} were ${what}: connect again.`);
    agent.disconnect('closing', error);
    if (what === 'revoked') {
      this.#agents.delete(party);
      agent
        .close(error)
        .catch((thrown: unknown) =>
          this.#options.logger.error({ err: thrown, party }, 'a line could not be closed'),
        );
    }
    this.#changed();
  }

  async #greet(socket: WebSocket, greeted: () => void): Promise<void> {
    const { clock, logger } = this.#options;
    const lost = () => new StarlingError('provider-unavailable', 'The agent went away without a word.');
    const stream = new Stream({ socket, clock, lost });
    this.#streams.add(stream);
    void stream.closed.then(() => this.#streams.delete(stream));
    const late = clock.timer(linkLimits.greetingMs, () => {
      stream.end('refused', new StarlingError('time-limit', 'The greeting took too long. Connect again.'));
    });
    try {
      const party = await this.#welcome(stream);
      logger.info({ party }, 'an agent is connected');
      void stream.ended.then(({ why, error }) =>
        logger.info(
          { party, why, code: error.code, reason: error.message },
          'an agent is not connected any more',
        ),
      );
    } catch (thrown) {
      const error = StarlingError.from(thrown);
      logger.warn({ code: error.code, reason: error.message }, 'a stream was refused');
      stream.end('refused', error);
    } finally {
      late.cancel();
      greeted();
    }
  }

  async #welcome(stream: Stream): Promise<string> {
    const { key, clock } = this.#options;
    const shown = key();
    const shownKid = shown.key.publicKey.kid;
    const known = await greetAgent(stream, {
      boot: this.#boot,
      key: shown,
      renewed: (one, changes) => this.enrolments.renewed(one, changes),
      clock,
    });
    const { party, agentBoot } = known;
    const agent = this.#agents.get(party);
    if (agent === undefined) throw replaced(party);
    agent.disconnect('replaced', replaced(party));
    this.#newest.set(party, stream);
    this.#sessions += 1;
    const attached = this.#untilReady(stream, agent, known);
    stream.send({
      type: 'welcome',
      session: `${this.#sessions}`,
      boot: this.#boot,
      waiting: agent.prepare(agentBoot),
    });
    await Promise.race([attached, stream.ended.then(({ error }) => Promise.reject(error))]);
    // the key was changed during the greeting: the agent has not seen the one that orders are signed with now
    if (key().key.publicKey.kid !== shownKid) agent.disconnect('renewed', renewing());
    return party;
  }

  /** What is said first is that the agent is ready; whatever follows, which may follow at once, is for the line to it. */
  #untilReady(stream: Stream, agent: RemoteAgent, known: KnownAgent): Promise<void> {
    const { party } = agent;
    return new Promise((resolve) => {
      let isReady = false;
      stream.handle({
        message: (value) => {
          if (isReady) {
            agent.take(value);
            return;
          }
          const readiness = parsed(ready, value, 'that it is ready');
          // meanwhile another stream may have come, or another key been pinned
          const pinned = this.enrolments.pinned(party)?.current.kid;
          if (this.#newest.get(party) !== stream || pinned !== known.agentKey) throw replaced(party);
          isReady = true;
          agent.attach(stream, known, readiness);
          this.#tellGateways(agent);
          resolve();
        },
        rows: (rows) => {
          if (!isReady) throw violation('rows before it was ready');
          agent.takeRows(rows);
        },
      });
    });
  }

  #add(party: string): RemoteAgent {
    const { clock, resumeMs = 10_000, answerMs = 30_000 } = this.#options;
    const agent = new RemoteAgent({ party, clock, resumeMs, answerMs });
    agent.onChange(() => this.#changed());
    this.#agents.set(party, agent);
    return agent;
  }

  #tellGateways(agent: RemoteAgent): void {
    const { gateways } = this.#options;
    if (gateways !== undefined)
      agent.tellGateways(
        gateways.self.url,
        gateways.all().map(({ url }) => url),
      );
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
