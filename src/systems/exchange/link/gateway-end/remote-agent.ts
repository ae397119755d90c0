import type { Clock, Timer } from '../../../../kernel/clock/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import type {
  Agent,
  AgentAudit,
  AgentStatus,
  AgreementChange,
  AuditQuery,
  ChainOutcome,
  ExecuteOptions,
  LineStatus,
  SignedAgreement,
} from '../../agent/agent.js';
import type { Order } from '../../order/index.js';
import type { KnownAgent } from '../handshake/greet-agent.js';
import type { RowsFrame } from '../wire/frame.js';
import { linkLimits } from '../wire/limits.js';
import { namedCall, type Question, type ToAgent, type ToGateway, toGateway } from '../wire/messages.js';
import { parsed, violation } from '../wire/parsed.js';
import type { Stream } from '../wire/stream.js';
import { assertSendable, Call } from './call.js';
import { Calls } from './calls.js';
import { absent, cancelled, restarted, silent } from './line-faults.js';
import { unheardStatus } from './unheard-status.js';

export interface RemoteAgentOptions {
  readonly party: string;
  readonly clock: Clock;
  /** Milliseconds that a question waits for an agent that went away. */
  readonly resumeMs: number;
  /** Milliseconds after which a question that an agent does not answer is given up; orders end by their signal. */
  readonly answerMs: number;
}

/** What the agent says when its stream is ready. */
export interface Readiness {
  readonly held: readonly number[];
  readonly status: AgentStatus;
}

/** A party's agent at the other end of a stream, when there is one. */
export class RemoteAgent implements Agent {
  readonly party: string;
  readonly #options: RemoteAgentOptions;
  readonly #calls: Calls;
  readonly #listeners = new Set<() => void>();
  #stream: Stream | undefined;
  /** The agent's process, while it is there. */
  #boot: string | undefined;
  #lastStatus: AgentStatus;
  #connection: LineStatus;
  #patience: Timer | undefined;
  #closed = false;

  constructor(options: RemoteAgentOptions) {
    this.party = options.party;
    this.#options = options;
    this.#calls = new Calls(options.party);
    this.#lastStatus = unheardStatus(options.party);
    this.#connection = { since: options.clock.wallTime() };
    this.#bePatient();
  }

  status(): AgentStatus {
    const online = this.#stream !== undefined;
    return { ...this.#lastStatus, party: this.party, online, connection: this.#connection };
  }

  async execute(order: Order, options: ExecuteOptions): Promise<ChainOutcome> {
    return (await this.#ask({ kind: 'execute', order }, options)) as ChainOutcome;
  }

  async changeAgreement(change: AgreementChange): Promise<SignedAgreement> {
    return (await this.#ask({ kind: 'changeAgreement', change })) as SignedAgreement;
  }

  async audit(query: AuditQuery): Promise<AgentAudit> {
    return (await this.#ask({ kind: 'audit', query })) as AgentAudit;
  }

  onChange(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** Tells the agent where the consortium's gateways are, this one among them; without effect while there is no stream. */
  tellGateways(self: string, all: readonly string[]): void {
    this.#tell({ type: 'gateways', self, all: all.slice(0, linkLimits.gateways) });
  }

  /** Ends the stream and whatever waits; nothing can be asked any more. */
  async close(
    why = new StarlingError('shutting-down', `The line to ${this.party} is closed.`),
  ): Promise<void> {
    this.#closed = true;
    this.#patience?.cancel();
    const stream = this.#stream;
    this.disconnect('closing', why);
    this.#calls.failAll(why);
    await stream?.closed;
  }

  /** Ends the stream, where there is one; questions wait for the next. */
  disconnect(why: 'replaced' | 'renewed' | 'closing', error: StarlingError): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    this.#detach(stream);
    stream.end(why, error);
  }

  /**
   * Makes ready for a stream to the agent's process `boot`: what was sent to an earlier process is lost.
   *
   * @returns what is still waited for, and what has arrived of it
   */
  prepare(boot: string) {
    return this.#calls.prepare(boot);
  }

  /** Goes on over a stream whose agent is ready. */
  attach(
    stream: Stream,
    { agentBoot, clockDifferenceMs }: Pick<KnownAgent, 'agentBoot' | 'clockDifferenceMs'>,
    { held, status }: Readiness,
  ): void {
    this.#patience?.cancel();
    this.#stream = stream;
    this.#boot = agentBoot;
    this.#connection = { since: this.#options.clock.wallTime(), clockDifferenceMs };
    void stream.ended.then(() => this.#detach(stream));
    for (const id of held) if (this.#calls.get(id) === undefined) this.#tell({ type: 'cancel', call: id });
    for (const [id, call] of this.#calls) {
      const { bytes, phases } = call.heard;
      if (held.includes(id)) {
        call.resume();
        this.#tellSources(id, call);
      }
      // it was begun there once, so that it must not be sent again
      else if (bytes > 0 || phases > 0) call.fail(restarted(this.party, call.question));
      else this.#send(id, call);
    }
    this.#changed(status);
  }

  /**
   * Takes a message of the stream that was attached. Throws `input-invalid` where it is none; an outcome that is none ends its
   * call besides, since the agent would tell it again over each new stream.
   */
  take(value: unknown): void {
    try {
      this.#take(parsed(toGateway, value, 'a message to a gateway'));
    } catch (thrown) {
      const named = namedCall.safeParse(value);
      if (named.success) this.#calls.get(named.data.call)?.fail(StarlingError.from(thrown));
      throw thrown;
    }
  }

  takeRows(rows: RowsFrame): void {
    this.#calls.get(rows.call)?.takeRows(rows);
  }

  #take(message: ToGateway): void {
    if (message.type === 'status') {
      this.#changed(message.status);
      return;
    }
    // what was given up here may still be told of
    const call = this.#calls.get(message.call);
    if (call !== undefined && call.sentTo !== this.#boot) throw violation('an answer to what was not asked');
    if (message.type === 'progress') call?.progress(message.phase);
    else call?.finish(message.outcome);
  }

  async #ask(question: Question, options?: ExecuteOptions) {
    const { clock, resumeMs, answerMs } = this.#options;
    if (this.#closed) throw new StarlingError('shutting-down', `The line to ${this.party} is closed.`);
    if (options?.signal.aborted === true) throw cancelled();
    if (this.#stream === undefined && this.#patience === undefined) throw absent(this.party, resumeMs);
    const id = this.#calls.next();
    assertSendable(question, this.party);
    const call = new Call(question, (bytes) => this.#tell({ type: 'read', call: id, bytes }), options);
    const stop = () => call.fail(cancelled());
    const late =
      options === undefined
        ? clock.timer(answerMs, () => call.fail(silent(this.party, answerMs)))
        : undefined;
    options?.signal.addEventListener('abort', stop, { once: true });
    this.#calls.add(id, call);
    this.#send(id, call);
    void options?.sources?.then((sources) => {
      call.sources = sources;
      if (this.#calls.get(id) === call && call.sentTo === this.#boot) this.#tellSources(id, call);
    });
    let done = false;
    try {
      const value = await call.answered;
      done = true;
      return value;
    } finally {
      late?.cancel();
      options?.signal.removeEventListener('abort', stop);
      this.#calls.delete(id);
      this.#tell({ type: done ? 'received' : 'cancel', call: id });
    }
  }

  #send(id: number, call: Call): void {
    if (this.#stream === undefined) return;
    call.sentTo = this.#boot;
    this.#tell({ type: 'call', call: id, question: call.question });
    this.#tellSources(id, call);
  }

  #tellSources(id: number, { sources }: Call): void {
    if (sources !== undefined) this.#tell({ type: 'sources', call: id, sources });
  }

  #tell(message: ToAgent): void {
    this.#stream?.send(message);
  }

  #changed(status: AgentStatus): void {
    this.#lastStatus = status;
    for (const listener of this.#listeners) listener();
  }

  #detach(stream: Stream): void {
    if (this.#stream !== stream) return;
    this.#stream = undefined;
    this.#boot = undefined;
    this.#connection = { ...this.#connection, since: this.#options.clock.wallTime() };
    if (!this.#closed) this.#bePatient();
    for (const listener of this.#listeners) listener();
  }

  #bePatient(): void {
    const { clock, resumeMs } = this.#options;
    this.#patience = clock.timer(resumeMs, () => {
      this.#patience = undefined;
      const error = absent(this.party, resumeMs);
      this.#calls.failAll(error);
    });
  }
}
