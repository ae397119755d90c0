import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { type Readable, Transform } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { ConnectionOptions } from 'node:tls';
import { isErrorCode, StarlingError } from '../../../../kernel/errors/index.js';
import type { SigningKey } from '../../../../kernel/identity/index.js';
import { validate } from '../../model/index.js';
import type { PeerKeys } from '../peer-keys.js';
import { rowsPath, takenAnswer } from '../rows-host.js';
import { signTransfer, type TransferClaims } from '../transfer-claims.js';
import { findHost, type RowsTarget, unreachable } from './find-host.js';

/** One transfer of rows to one party. */
export interface SendRowsOptions {
  readonly target: RowsTarget;
  readonly claims: TransferClaims;
  readonly key: SigningKey & { readonly changes: readonly string[] };
  readonly peers: PeerKeys;
  /** The most bytes that may leave. */
  readonly mostBytes: number;
  readonly rows: Readable;
  /** Resolves when all of `rows` may count; until then its end is held back, and where it rejects the transfer is broken off. */
  readonly vouched: Promise<unknown>;
  readonly signal: AbortSignal;
}

/** What was sent, and taken whole. */
export interface SentRows {
  readonly bytes: number;
  /** SHA-256 over them, in base64url. */
  readonly hash: string;
}

/**
 * Streams rows to the agent of a compute provider, no faster than it takes them. Throws what it refuses them with,
 * `signature-invalid` where somebody else is there, `provider-unavailable`, `result-too-large`, and what `vouched` rejects with;
 * the receiver keeps nothing then.
 */
export async function sendRows(options: SendRowsOptions): Promise<SentRows> {
  const { rows, signal, vouched } = options;
  // whoever waits for what is sent is told of it below
  vouched.catch(() => undefined);
  try {
    const [connection, token] = await Promise.all([
      findHost(options.target, options.peers, signal),
      signTransfer(options.claims, options.key),
    ]);
    return await stream(options, open(options, connection, token));
  } catch (thrown) {
    rows.destroy();
    if (signal.aborted) throw StarlingError.from(signal.reason, 'request-cancelled');
    throw thrown;
  }
}

async function stream(options: SendRowsOptions, sending: ClientRequest): Promise<SentRows> {
  const { target, signal, rows } = options;
  const answered = answerOf(sending, target);
  // an early answer is a refusal, and ends the rest
  answered.catch((error: unknown) => sending.destroy(error as Error));
  const meter = measured(options);
  try {
    await Promise.race([once(sending, 'continue', { signal }), answered]);
    await pipeline(rows, meter.stream, sending, { signal });
    const taken = await answered;
    const sent = meter.sum();
    if (taken.bytes === sent.bytes && taken.hash === sent.hash) return sent;
    throw new StarlingError(
      'run-failed',
      `${target.party} did not take the rows as they were sent. Ask again.`,
    );
  } catch (thrown) {
    sending.destroy();
    if (thrown instanceof StarlingError) throw thrown;
    // of several errors that one cause has, what the receiver says tells most
    await answered;
    throw unreachable(target.party, target.address, thrown as Error);
  }
}

function open(
  { target, key, signal }: SendRowsOptions,
  connection: ConnectionOptions,
  token: string,
): ClientRequest {
  const sending = request(new URL(rowsPath, target.address), {
    ...connection,
    method: 'POST',
    agent: false,
    signal,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/vnd.apache.parquet',
      expect: '100-continue',
      ...(key.changes.length === 0 ? {} : { 'starling-key-changes': key.changes.join(',') }),
    },
  });
  sending.flushHeaders();
  return sending;
}

async function answerOf(sending: ClientRequest, { party, address }: RowsTarget): Promise<SentRows> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sending.once('response', resolve);
    sending.once('error', (error) => reject(unreachable(party, address, error)));
    sending.once('close', () => reject(unreachable(party, address, new Error('the connection was closed'))));
  });
  const body = await json(response).catch((error: Error) =>
    Promise.reject(unreachable(party, address, error)),
  );
  if (response.statusCode === 200) {
    const read = validate(takenAnswer, body);
    if (read.ok) return read.value;
  }
  throw refusal(party, body);
}

function refusal(party: string, body: unknown): StarlingError {
  const { code, message } = body as { readonly code?: unknown; readonly message?: unknown };
  const known = typeof code === 'string' && isErrorCode(code) ? code : 'run-failed';
  const why = typeof message === 'string' ? message.slice(0, 1_000) : 'It does not say why.';
  return new StarlingError(known, `${party} did not take the rows: ${why}`, { details: { party } });
}

/** Counts what passes, and holds back its end until it is vouched for. */
function measured({ mostBytes, vouched }: SendRowsOptions) {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > mostBytes) return done(tooLarge(mostBytes));
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      vouched.then(
        () => done(),
        (error: unknown) => done(StarlingError.from(error)),
      );
    },
  });
  return { stream, sum: (): SentRows => ({ bytes, hash: hash.digest('base64url') }) };
}

function tooLarge(mostBytes: number): StarlingError {
  const megabytes = Math.floor(mostBytes / 1_000_000);
  return new StarlingError(
    'result-too-large',
    `The rows are larger than their limit of ${megabytes} MB. Ask for fewer rows or columns, or ask the provider for a higher limit.`,
    { details: { limit: `${megabytes} MB` } },
  );
}
