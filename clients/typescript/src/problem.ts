import type { components } from './api.js';

/** One of a closed, stable set: branch on it. `gateway-unreachable` is also what a gateway that does not answer gives. */
export type ErrorCode = components['schemas']['Error']['code'];

/** Why a call failed, or what a request ended with. */
export class StarlingProblem extends Error {
  override readonly name = 'StarlingProblem';
  readonly code: ErrorCode;
  /** The HTTP status; absent where it is not the call that failed but the request that it asked for. */
  readonly status?: number;
  /** The request that ended this way: it can be explained. */
  readonly request?: string;
  /** Further members, which depend on the code: `errors` has each fault in what was sent, with a JSON pointer. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    { status, request, details = {}, cause }: ProblemOptions = {},
  ) {
    super(message, { cause });
    this.code = code;
    if (status !== undefined) this.status = status;
    if (request !== undefined) this.request = request;
    this.details = details;
  }
}

/** What goes with a problem besides its code and message. */
export interface ProblemOptions {
  readonly status?: number;
  readonly request?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

const standard = new Set(['type', 'title', 'status', 'code', 'detail', 'instance', 'request']);

/** The problem that a response stands for; `body` is what it holds, which another server may have written. */
export function problemOf(status: number, body: unknown): StarlingProblem {
  if (!isProblem(body)) {
    return new StarlingProblem(
      'gateway-unreachable',
      `What answered with HTTP status ${status} is not a Starling gateway, or something stands between. Check the address.`,
      { status, details: { body } },
    );
  }
  const details = Object.fromEntries(Object.entries(body).filter(([name]) => !standard.has(name)));
  return new StarlingProblem(body.code, body.detail, { status, request: body.request, details });
}

function isProblem(body: unknown): body is components['schemas']['Problem'] {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}
