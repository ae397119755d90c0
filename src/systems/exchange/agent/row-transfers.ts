import { createHmac, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { StarlingError } from '../../../kernel/errors/index.js';
import { contentHash, type SigningKey } from '../../../kernel/identity/index.js';
import type { ReceiptClaims } from '../order/index.js';
import type { QueryOrder, RunReport } from '../runs/index.js';
import { pseudonymKeys } from '../steps/index.js';
import {
  openNamedPipe,
  type PeerKeys,
  type RowsListener,
  sendRows,
  type VerifiedRows,
  verifySources,
} from '../transfer/index.js';
import type { ExecuteOptions } from './agent.js';
import type { RunningOrder } from './running-orders.js';

/** Hexadecimal digits of one secret of `pseudonymNumber`. */
const secretDigits = 15;

export interface RowTransfersOptions {
  readonly party: string;
  readonly folder: string;
  readonly key: SigningKey & { readonly changes: readonly string[] };
  readonly pseudonymKey: string;
  readonly peers: PeerKeys;
  /** Where the party takes rows; absent where it does not listen. */
  readonly listener?: RowsListener | undefined;
}

/** Rows that a provider's run made, on their way to a compute provider. */
export interface Sending {
  readonly running: RunningOrder;
  /** The compute provider. */
  readonly to: string;
  readonly run: QueryOrder;
  /** Throws where the rows may not leave, or not any more. */
  readonly mayLeave: () => Promise<void>;
  readonly execute: (run: QueryOrder, signal: AbortSignal) => Promise<RunReport>;
}

/** An agent's rows to and from other agents. */
export class RowTransfers {
  readonly #options: RowTransfersOptions;

  constructor(options: RowTransfersOptions) {
    this.#options = options;
  }

  /** Where others send rows; absent where the agent takes none. */
  get address(): string | undefined {
    return this.#options.listener?.address;
  }

  /**
   * Runs a provider's chain while its rows go to the compute provider that the order names; they count once the run has ended
   * within its limits and they may still leave. Throws what either fails with first; both have ended then.
   */
  async send({ running, to, run, mayLeave, execute }: Sending): Promise<RunReport> {
    const { claims } = running;
    const { party, folder, key, peers } = this.#options;
    const peer = claims.peers.find((one) => one.party === to);
    if (peer?.address === undefined || peer.order === undefined) throw noAddress(to);
    await mayLeave();
    const pipe = await openNamedPipe(join(folder, 'pipes'));
    const broken = new AbortController();
    const signal = AbortSignal.any([running.signal, broken.signal]);
    try {
      const transfer = { pipe: pipe.path, keys: this.#unitKeys(to) };
      const ran = execute({ ...run, transfer }, signal);
      const { form, minimumGroupSize, extremes } = run;
      const sent = sendRows({
        target: { party: to, address: peer.address, keys: peer.keys },
        claims: {
          jti: randomUUID(),
          iss: party,
          aud: to,
          iat: claims.iat,
          exp: claims.exp,
          request: claims.request,
          order: peer.order,
          sender: claims.jti,
          question: contentHash(claims.question),
          rule: { form, minimumGroupSize, extremes },
        },
        key,
        peers,
        mostBytes: run.limits.resultBytes,
        rows: pipe.rows,
        vouched: ran.then(mayLeave),
        signal,
      });
      const both = [ran, sent] as const;
      for (const one of both) one.catch((error: unknown) => broken.abort(error));
      await Promise.allSettled(both);
      if (broken.signal.aborted) throw broken.signal.reason;
      const [report, { bytes, hash }] = await Promise.all(both);
      if (report.result.kind !== 'rows')
        throw new StarlingError('internal', 'A run that sends rows sent none.');
      const { columns, rows } = report.result;
      return { ...report, result: { kind: 'sent', to, columns, rows, bytes, hash } };
    } finally {
      await pipe.close();
    }
  }

  /**
   * Takes rows from the providers of an order until the gateway says who sent all of theirs, and has `compute` use what they
   * signed for. No file is left when it ends. Throws what `verifySources` does, and what the order is stopped with.
   */
  async receive<Result>(
    { claims, signal }: RunningOrder,
    { onProgress, sources }: ExecuteOptions,
    compute: (rows: readonly VerifiedRows[]) => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly received: NonNullable<ReceiptClaims['received']> }> {
    const { listener, party } = this.#options;
    if (listener === undefined) throw noAddress(party);
    if (sources === undefined)
      throw new StarlingError('internal', 'An order for rows does not say who sent them.');
    const reception = listener.expect(claims);
    try {
      onProgress({ phase: 'ready for rows' });
      const verified = await verifySources(reception, await unlessAborted(sources, signal), claims.iss);
      const result = await compute(verified);
      const received = verified.map(({ party, rows, bytes, hash }) => ({ party, rows, bytes, hash }));
      return { result, received };
    } finally {
      await reception[Symbol.asyncDispose]();
    }
  }

  /** Secrets for the persons in rows to one compute provider: another one gets other numbers for them. */
  #unitKeys(computeProvider: string): string[] {
    const { pseudonymKey } = this.#options;
    const digits = createHmac('sha512', pseudonymKey).update(`rows for ${computeProvider}`).digest('hex');
    return Array.from({ length: pseudonymKeys }, (_, at) =>
      digits.slice(at * secretDigits, (at + 1) * secretDigits),
    );
  }
}

function unlessAborted<Value>(value: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(StarlingError.from(signal.reason, 'request-cancelled'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    value.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function noAddress(party: string): StarlingError {
  return new StarlingError(
    'provider-unavailable',
    `The agent of ${party} takes no rows: it does not listen for them. Its operator starts it with --listen-rows.`,
    { details: { party } },
  );
}
