import { basename } from 'node:path';
import { StarlingError } from '../../../../kernel/errors/index.js';
import type { Logger } from '../../../../kernel/telemetry/index.js';
import type { Agent, AgentStatus } from '../../agent/agent.js';
import type { RowsSource } from '../../transfer/rows-source.js';
import type { RowsFrame } from '../wire/frame.js';
import { linkLimits } from '../wire/limits.js';
import type { Outcome, Question, ToGateway } from '../wire/messages.js';
import { OutgoingRows } from './outgoing-rows.js';

/** How a task reaches the gateway: both are without effect while there is no stream. */
export interface TaskLine {
  send(message: ToGateway): void;
  sendRows(rows: RowsFrame): void;
}

/** One question of a gateway, from its arrival until the gateway has received the outcome. */
export class Task {
  readonly #call: number;
  readonly #line: TaskLine;
  readonly #agent: Agent;
  readonly #logger: Logger;
  readonly #stop = new AbortController();
  readonly #rows: OutgoingRows;
  readonly #phases: ToGateway[] = [];
  readonly #sources: Promise<readonly RowsSource[]>;
  #takeSources: (sources: readonly RowsSource[]) => void = () => undefined;
  #outcome: ToGateway | undefined;

  /** Begins at once. */
  constructor(call: number, question: Question, agent: Agent, line: TaskLine, logger: Logger) {
    this.#call = call;
    this.#line = line;
    this.#agent = agent;
    this.#logger = logger;
    this.#rows = new OutgoingRows(call, (rows) => line.sendRows(rows), this.#stop.signal);
    this.#sources = new Promise((resolve) => {
      this.#takeSources = resolve;
    });
    void this.#carryOut(question);
  }

  /** Stops it; nothing is told of it any more. */
  stop(): void {
    this.#stop.abort();
  }

  /** Who sent rows to it; whatever is told again is the same. */
  takeSources(sources: readonly RowsSource[]): void {
    this.#takeSources(sources);
  }

  wasRead(bytes: number): void {
    this.#rows.wasRead(bytes);
  }

  /** Tells a new stream what the gateway has not heard. */
  resume(received: { readonly bytes: number; readonly phases: number }): void {
    for (const phase of this.#phases.slice(received.phases)) this.#line.send(phase);
    this.#rows.resume(received.bytes);
    if (this.#outcome !== undefined) this.#line.send(this.#outcome);
  }

  async #carryOut(question: Question): Promise<void> {
    const outcome = await this.#answer(question).catch((thrown: unknown) => this.#failed(thrown));
    if (this.#stop.signal.aborted) return;
    this.#outcome = { type: 'outcome', call: this.#call, outcome: sendable(outcome) };
    this.#line.send(this.#outcome);
  }

  async #answer(question: Question): Promise<Outcome> {
    const { kind } = question;
    if (kind === 'changeAgreement') {
      return { kind, value: await this.#agent.changeAgreement(question.change) };
    }
    if (kind === 'audit') return { kind, value: await this.#agent.audit(question.query) };
    let released = false;
    const value = await this.#agent.execute(question.order, {
      signal: this.#stop.signal,
      onProgress: ({ phase }) => this.#progress({ type: 'progress', call: this.#call, phase }),
      onRows: async (rows) => {
        released = true;
        await this.#rows.pump(rows);
      },
      sources: this.#sources,
    });
    return { kind, value, ...(released ? { rows: this.#rows.summary() } : {}) };
  }

  #progress(phase: ToGateway): void {
    if (this.#phases.length >= linkLimits.phases || this.#stop.signal.aborted) return;
    this.#phases.push(phase);
    this.#line.send(phase);
  }

  /** What went wrong inside is told to the party's own log alone. */
  #failed(thrown: unknown): Outcome {
    const error = StarlingError.from(thrown);
    if (error.code !== 'internal') return { kind: 'error', error: error.toRecord() };
    this.#logger.error({ err: error, call: this.#call }, 'what a gateway asked for failed');
    const message = `What was asked of ${this.#agent.party} failed by an error of Starling itself. The log of its agent says more; ask again.`;
    return { kind: 'error', error: { code: 'internal', message } };
  }
}

/** The outcome, or that it is too large for a message. */
function sendable(outcome: Outcome): Outcome {
  if (Buffer.byteLength(JSON.stringify(outcome)) <= linkLimits.messageBytes - 1_000) return outcome;
  const most = Math.floor(linkLimits.messageBytes / 1_000_000);
  return {
    kind: 'error',
    error: {
      code: 'result-too-large',
      message: `The result has more than ${most} MB, which is more than an agent hands over. Ask for fewer groups.`,
    },
  };
}

/** What the gateway may know of the agent: not where things are on its machine. */
export function publicStatus(agent: Agent): AgentStatus {
  const status = agent.status();
  const dataSets = status.dataSets.map(({ imported, ...rest }) =>
    imported === undefined ? rest : { ...rest, imported: { ...imported, file: basename(imported.file) } },
  );
  return { ...status, dataSets };
}
