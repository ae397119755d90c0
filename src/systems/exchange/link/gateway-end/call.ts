import { StarlingError } from '../../../../kernel/errors/index.js';
import type { ChainOutcome, ExecuteOptions } from '../../agent/agent.js';
import type { RowsSource } from '../../transfer/rows-source.js';
import type { RowsFrame } from '../wire/frame.js';
import { linkLimits } from '../wire/limits.js';
import { type Outcome, type Question, question, type ToGateway } from '../wire/messages.js';
import { violation } from '../wire/parsed.js';
import { IncomingRows } from './incoming-rows.js';

type Phase = Extract<ToGateway, { type: 'progress' }>['phase'];
type Value = Exclude<Outcome, { kind: 'error' }>['value'];

/** One question to an agent, from when it is asked until its outcome is there. */
export class Call {
  readonly question: Question;
  /** What the agent answers; rows, where there are any, were taken whole. */
  readonly answered: Promise<Value>;
  /** The agent's process that it was sent to. */
  sentTo: string | undefined;
  /** Who sent rows to it, once that is known. */
  sources: readonly RowsSource[] | undefined;
  readonly #options: ExecuteOptions | undefined;
  readonly #tellRead: (bytes: number) => void;
  #resolve: (value: Value) => void = () => undefined;
  #reject: (error: StarlingError) => void = () => undefined;
  #rows: IncomingRows | undefined;
  #taken: Promise<void> = Promise.resolve();
  #phases = 0;

  /** @param options of an order, and only of one */
  constructor(question: Question, tellRead: (bytes: number) => void, options?: ExecuteOptions) {
    this.question = question;
    this.#tellRead = tellRead;
    this.#options = options;
    this.answered = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** What has arrived of it. */
  get heard(): { readonly bytes: number; readonly phases: number } {
    return { bytes: this.#rows?.received ?? 0, phases: this.#phases };
  }

  progress(phase: Phase): void {
    this.#phases += 1;
    if (this.#options === undefined || this.#phases > linkLimits.phases) {
      throw violation('more progress than there can be');
    }
    this.#options.onProgress({ phase });
  }

  takeRows(rows: RowsFrame): void {
    this.#openRows().take(rows);
  }

  /** Tells a new stream how far the reader of its rows is. */
  resume(): void {
    this.#rows?.tellRead();
  }

  /** The agent's last word. Throws `input-invalid` where it does not answer the question. */
  finish(outcome: Outcome): void {
    if (outcome.kind === 'error') {
      this.fail(StarlingError.fromRecord(outcome.error));
      return;
    }
    if (outcome.kind !== this.question.kind) throw violation('an answer to another question');
    if (outcome.kind === 'execute') {
      const releasesRows = (outcome.value satisfies ChainOutcome).report.result.kind === 'rows';
      if (releasesRows !== (outcome.rows !== undefined)) throw violation('a result without its rows');
      if (outcome.rows === undefined && this.#rows !== undefined) throw violation('rows without a result');
      if (outcome.rows !== undefined) this.#openRows().end(outcome.rows);
    }
    this.#taken.then(
      () => this.#resolve(outcome.value),
      () => undefined,
    );
  }

  fail(error: StarlingError): void {
    this.#rows?.fail(error);
    this.#reject(error);
  }

  #openRows(): IncomingRows {
    if (this.#rows !== undefined) return this.#rows;
    if (this.#options === undefined) throw violation('rows that nobody asked for');
    const rows = new IncomingRows(this.#tellRead);
    this.#rows = rows;
    this.#taken = this.#options.onRows(rows.readable);
    this.#taken.catch((thrown: unknown) => {
      this.fail(StarlingError.from(thrown, 'storage-failed', 'The rows could not be kept'));
    });
    return rows;
  }
}

/**
 * What the agent would not understand is told to whoever asks, and not sent: it would cost the agent its stream. Throws
 * `input-invalid`.
 */
export function assertSendable(asked: Question, party: string): void {
  const [issue] = question.safeParse(asked).error?.issues ?? [];
  if (issue === undefined) return;
  throw new StarlingError(
    'input-invalid',
    `What is asked of the agent of ${party} has not the form that agents take: ${issue.path.join('.')}: ${issue.message}.`,
  );
}
