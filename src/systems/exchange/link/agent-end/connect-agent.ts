import { type Clock, rest, type Timer } from '../../../../kernel/clock/index.js';
import { type BackoffOptions, backoffDelay, validateBackoff } from '../../../../kernel/control/index.js';
import { type ErrorRecord, StarlingError } from '../../../../kernel/errors/index.js';
import type { PinnedKeys } from '../../../../kernel/identity/index.js';
import type { Logger } from '../../../../kernel/telemetry/index.js';
import type { Agent } from '../../agent/agent.js';
import { greetGateway } from '../handshake/greet-gateway.js';
import type { LinkKey } from '../handshake/link-key.js';
import { linkLimits } from '../wire/limits.js';
import type { ToldGateways } from '../wire/messages.js';
import type { Stream, StreamEnd } from '../wire/stream.js';
import { dial } from './dial.js';
import type { Work } from './work.js';
import { Works } from './works.js';

export interface ConnectAgentOptions {
  readonly agent: Agent;
  /** The party's key; asked for each stream, so that `renew` shows a new one. */
  readonly key: () => LinkKey;
  /** The gateway's address, such as `https://gateway.example:8443`; plain HTTP only on loopback. */
  readonly url: string;
  /** The gateway's keys that are pinned here. */
  readonly gatewayKeys: () => PinnedKeys;
  /** Keeps them where the gateway shows that it has a new one; a rejection keeps the stream from being used. */
  readonly onGatewayKeys: (keys: PinnedKeys) => Promise<void>;
  /** Certificates that the gateway's may be signed by, PEM; those of the system if not given. */
  readonly tls?: { readonly ca: string };
  readonly clock: Clock;
  readonly logger: Logger;
  /** Waits between attempts; from half a second to half a minute if not given. */
  readonly backoff?: BackoffOptions;
  /** A number in [0, 1), for the jitter of waits. */
  readonly random?: () => number;
  /** Shared by the connections of one agent to several gateways; its own if not given. */
  readonly works?: Works;
  /** Hears of the consortium's gateways, whenever this one tells of them. */
  readonly onGateways?: (told: ToldGateways) => void;
}

/** How an agent stands with its gateway. */
export interface ConnectionStatus {
  readonly state: 'connecting' | 'connected' | 'waiting' | 'closed';
  /** ISO 8601, UTC. */
  readonly since: string;
  /** Why there is no stream, until there is one. */
  readonly error?: ErrorRecord;
}

/** An agent's connection to its gateway. */
export interface AgentConnection {
  status(): ConnectionStatus;
  /** Calls back whenever `status()` has changed; returns how to stop. */
  onChange(callback: () => void): () => void;
  /** Opens a new stream with the key of now; what is in hand goes on over it. */
  renew(): void;
  /** Stops what the gateway asked for, and closes the stream; the agent stays open. */
  close(): Promise<void>;
}

const renewing = 'The stream is opened anew with a new key.';

/**
 * Keeps an agent connected to its gateway, for ever: it dials out, both prove themselves, and what the gateway asks is carried
 * out. Throws `configuration-invalid` where the address cannot be used.
 */
export function connectAgent(options: ConnectAgentOptions): AgentConnection {
  return new Connection(options);
}

class Connection implements AgentConnection {
  readonly #options: ConnectAgentOptions;
  readonly #dial: ReturnType<typeof dial>;
  readonly #works: Works;
  readonly #listeners = new Set<() => void>();
  readonly #stopListening: () => void;
  readonly #closing = new AbortController();
  readonly #done: Promise<void>;
  #status: ConnectionStatus;
  #stream: Stream | undefined;
  /** The gateway's process that was greeted last, and what it asked for. */
  #last: { readonly gateway: string; readonly work: Work } | undefined;
  #orphaned: Timer | undefined;
  #pulse: Timer | undefined;

  constructor(options: ConnectAgentOptions) {
    this.#options = options;
    this.#dial = dial(options);
    this.#works = options.works ?? new Works(options.agent, options.logger);
    this.#status = { state: 'connecting', since: this.#time() };
    this.#stopListening = options.agent.onChange(() => this.#last?.work.tellStatus());
    this.#done = this.#run();
  }

  status(): ConnectionStatus {
    return this.#status;
  }

  onChange(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  renew(): void {
    this.#stream?.end('renewed', new StarlingError('gateway-unreachable', renewing));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#stopListening();
    this.#leave(this.#stream);
    this.#drop();
    this.#stream?.end('closing', new StarlingError('shutting-down', `${this.#party} stops its agent.`));
    await this.#done;
  }

  get #party(): string {
    return this.#options.agent.party;
  }

  async #run(): Promise<void> {
    const { backoff, random = Math.random, logger } = this.#options;
    const waits = validateBackoff(backoff ?? { initialMs: 500, maxMs: 30_000 });
    let failures = 0;
    while (!this.#closing.signal.aborted) {
      const { welcomed, end } = await this.#once();
      if (this.#closing.signal.aborted) break;
      failures = welcomed ? 1 : failures + 1;
      const ms = end.why === 'replaced' ? waits.maxMs : backoffDelay(waits, failures, random());
      logger.warn(
        { party: this.#party, code: end.error.code, reason: end.error.message, retryMs: Math.round(ms) },
        'the agent has no stream to its gateway',
      );
      this.#set('waiting', end.error);
      if (end.why !== 'renewed') await rest(ms, this.#options.clock, this.#closing.signal);
      this.#set('connecting', end.error);
    }
    this.#orphaned?.cancel();
    this.#set('closed');
  }

  /** One stream, from dialling to its end. */
  async #once(): Promise<{ readonly welcomed: boolean; readonly end: StreamEnd }> {
    let stream: Stream;
    try {
      stream = await this.#dial(this.#closing.signal);
    } catch (thrown) {
      return { welcomed: false, end: { why: 'lost', error: StarlingError.from(thrown) } };
    }
    this.#stream = stream;
    const welcomed = await this.#greet(stream);
    const end = await stream.ended;
    this.#stream = undefined;
    this.#pulse?.cancel();
    this.#leave(stream);
    // another process of this party took over: what is in hand here is of no use to the gateway
    if (end.why === 'replaced' && this.#options.works === undefined) this.#drop();
    else if (welcomed) this.#orphan();
    await stream.closed;
    return { welcomed, end };
  }

  async #greet(stream: Stream): Promise<boolean> {
    const { key, gatewayKeys, onGatewayKeys, onGateways, clock } = this.#options;
    const late = clock.timer(linkLimits.greetingMs, () =>
      stream.drop(this.#dial.unreachable('says nothing')),
    );
    try {
      if (this.#closing.signal.aborted) throw new StarlingError('shutting-down', 'The agent stops.');
      const { boot, waiting } = await greetGateway(stream, {
        party: this.#party,
        boot: this.#works.boot,
        key: key(),
        gatewayKeys: gatewayKeys(),
        onGatewayKeys,
        clock,
      });
      this.#orphaned?.cancel();
      // the gateway is another process than before
      if (this.#last?.gateway !== boot) this.#drop();
      const work = this.#works.of(boot);
      this.#last = { gateway: boot, work };
      work.attach(stream, waiting, onGateways);
      this.#keepTold();
      this.#set('connected');
      return true;
    } catch (thrown) {
      stream.end('refused', StarlingError.from(thrown));
      return false;
    } finally {
      late.cancel();
    }
  }

  /** Figures of runs change without a word of the agent: what has changed is told from time to time. */
  #keepTold(): void {
    this.#pulse = this.#options.clock.timer(linkLimits.pingMs, () => {
      this.#last?.work.tellStatus();
      this.#keepTold();
    });
  }

  /** A gateway that stays away has given up what it waited for: nothing is computed for nobody. */
  #orphan(): void {
    this.#orphaned?.cancel();
    this.#orphaned = this.#options.clock.timer(linkLimits.orphanMs, () => this.#drop());
  }

  #leave(stream: Stream | undefined): void {
    if (stream !== undefined) this.#last?.work.detach(stream);
  }

  /** What is in hand goes on where another stream of this agent reaches the same gateway. */
  #drop(): void {
    if (this.#last !== undefined) this.#works.drop(this.#last.gateway);
  }

  #set(state: ConnectionStatus['state'], error?: StarlingError): void {
    this.#status = {
      state,
      since: this.#time(),
      ...(error === undefined ? {} : { error: error.toRecord() }),
    };
    for (const listener of this.#listeners) listener();
  }

  #time(): string {
    return new Date(this.#options.clock.wallTime()).toISOString();
  }
}
