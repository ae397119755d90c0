import { createHash } from 'node:crypto';
import { Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as SecureAgent } from 'node:https';
import { type Readable, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../../kernel/clock/index.js';
import type { StarlingError } from '../../../kernel/errors/index.js';
import type { StepCallLimits } from '../model/index.js';
import { type PinnedAddress, pinAddress, pinnedLookup } from './pinned-address.js';
import { type StepFault, stepFailed } from './step-fault.js';
import { arrowStream, type StepCallContext, stepHeaders } from './step-headers.js';

/** One call of a foreign step. */
export interface StepCall {
  readonly url: string;
  readonly context: Omit<StepCallContext, 'deadlineSeconds'>;
  readonly limits: StepCallLimits;
  /** Rows as an Arrow IPC stream. */
  readonly rows: Readable;
  /** Where the answer goes, as it comes. */
  readonly answer: Writable;
  readonly signal: AbortSignal;
  readonly clock: Pick<Clock, 'timer'>;
}

/** How much went to a step, and came back. */
export interface StepTraffic {
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** SHA-256 over what came back, in base64url. */
  readonly receivedHash: string;
}

/** Bytes of an error's body that the party's own log gets, and of all headers of an answer. */
const keptOfError = 4_000;
const headerBytes = 16_384;

/**
 * Calls a foreign step once: streams `rows` to it and what it answers to `answer`, both at the same time and no faster than
 * both sides take them. What it answers is not looked into. Throws `step-failed` where it breaks the contract, with what it
 * said as the cause; whatever `rows` or `answer` fail with; and the reason of `signal`.
 */
export async function callStep(call: StepCall): Promise<StepTraffic> {
  const { context, limits, clock } = call;
  const fail = (fault: StepFault, more?: string, cause?: unknown) =>
    stepFailed(context, fault, { ...(more === undefined ? {} : { more }), cause });
  const deadline = new AbortController();
  const late = fail('late', `${limits.deadlineSeconds} s`);
  const timer = clock.timer(limits.deadlineSeconds * 1000, () => deadline.abort(late));
  const signal = AbortSignal.any([call.signal, deadline.signal]);
  try {
    return await exchange(call, signal, fail);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error;
  } finally {
    timer.cancel();
    call.rows.destroy();
    call.answer.destroy();
  }
}

type Fail = (fault: StepFault, more?: string, cause?: unknown) => StarlingError;

async function exchange(call: StepCall, signal: AbortSignal, fail: Fail): Promise<StepTraffic> {
  const url = new URL(call.url);
  const address = await unlessAborted(pinAddress(url), signal).catch((error: unknown) => {
    throw fail('unreachable', 'its address is not one that can be called', error);
  });
  const request = open(call, url, address, signal);
  const sent = counted(call.limits.requestBytes, () =>
    tooLarge('sent to it', call.limits.requestBytes, fail),
  );
  const received = counted(call.limits.responseBytes, () =>
    tooLarge('given by it', call.limits.responseBytes, fail),
  );
  let isRead = false;
  const sending = pipeline(call.rows, sent.stream, request).then(() => {
    isRead = true;
  });
  const receiving = answerOf(request, fail).then(async (response) => {
    await checkHead(response, fail);
    await pipeline(response, received.stream, call.answer).catch((error: unknown) => {
      throw isConnectionError(error) ? fail('cut', undefined, error) : error;
    });
    if (!isRead && !sent.isWhole()) throw fail('unread');
  });
  try {
    await firstFailure(receiving, sending);
  } finally {
    request.destroy();
    call.rows.destroy();
    await Promise.allSettled([sending, receiving]);
  }
  return {
    sentBytes: sent.bytes(),
    receivedBytes: received.bytes(),
    receivedHash: received.hash(),
  };
}

/**
 * Waits for the answer, or for what the rows fail with. That the connection broke while rows were sent is told by the answer,
 * or its absence: a step that has the end of the stream need not wait for the end of the body.
 */
function firstFailure(receiving: Promise<void>, sending: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    receiving.then(resolve, reject);
    sending.catch((error: unknown) => {
      if (!isConnectionError(error)) reject(error);
    });
  });
}

function open(call: StepCall, url: URL, address: PinnedAddress, signal: AbortSignal): ClientRequest {
  const { context, limits } = call;
  const isSecure = url.protocol === 'https:';
  const options = {
    method: 'POST',
    headers: stepHeaders({ ...context, deadlineSeconds: limits.deadlineSeconds }),
    // a connection of its own, so that no proxy of the environment and no other call has a part in it
    agent: isSecure ? new SecureAgent({ keepAlive: false }) : new Agent({ keepAlive: false }),
    lookup: pinnedLookup(address),
    maxHeaderSize: headerBytes,
    signal,
  };
  return isSecure ? requestHttps(url, options) : requestHttp(url, options);
}

function answerOf(request: ClientRequest, fail: Fail): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', (error) => reject(fail('unreachable', codeOf(error), error)));
    // the end of `rows` may destroy the request without an error of its own
    request.once('close', () => reject(fail('unreachable', 'the connection ended')));
  });
}

/** Throws where the head of the answer is not that of rows. */
async function checkHead(response: IncomingMessage, fail: Fail): Promise<void> {
  const { statusCode: status = 0, headers } = response;
  if (status >= 300 && status < 400) throw fail('redirect', `status ${status}`);
  if (status !== 200) throw fail('status', `status ${status}`, await saidBy(response));
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity';
  if (type !== arrowStream || !isPlain) throw fail('media-type', undefined, await saidBy(response));
}

/** The beginning of what a step says of an error, for the party's own log. */
async function saidBy(response: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const chunk of response) {
      text += (chunk as Buffer).toString('utf8');
      if (text.length >= keptOfError) break;
    }
  } catch (error) {
    return `${text.slice(0, keptOfError)} (broken off: ${String(error)})`;
  }
  return text.slice(0, keptOfError);
}

/** The end-of-stream marker of the Arrow IPC streaming format. */
const endOfStream = Buffer.from(Int32Array.of(-1, 0).buffer);

interface Counted {
  readonly stream: Transform;
  bytes(): number;
  hash(): string;
  /** Whether what passed ends as a whole Arrow IPC stream does. */
  isWhole(): boolean;
}

/** A stream that passes bytes on, counts and hashes them, and fails past `most`. */
function counted(most: number, past: () => Error): Counted {
  let bytes = 0;
  let tail = Buffer.alloc(0);
  const hash = createHash('sha256');
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      tail = Buffer.concat([tail, chunk.subarray(-endOfStream.length)]).subarray(-endOfStream.length);
      if (bytes > most) done(past());
      else done(null, chunk);
    },
  });
  return {
    stream,
    bytes: () => bytes,
    hash: () => hash.digest('base64url'),
    isWhole: () => tail.equals(endOfStream),
  };
}

function tooLarge(what: string, bytes: number, fail: Fail): StarlingError {
  return fail('too-large', `more than ${bytes / 1_000_000} MB ${what}`);
}

const connectionErrors = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
]);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'connection failed';
}

function isConnectionError(error: unknown): boolean {
  return connectionErrors.has(codeOf(error)) || codeOf(error).startsWith('HPE_');
}

/** `work`, or the reason of `signal` where that comes first. */
function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
