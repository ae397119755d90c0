import { StarlingError } from '../../errors/index.js';

/** What a call that failed tells, of all that gRPC and etcd may say. */
export type FailureKind =
  /** No answer: the call can be made again elsewhere. */
  | 'away'
  /** The token is not believed (any more). */
  | 'token'
  /** The user or password is wrong, may not do this, or is not asked for there. */
  | 'refused'
  | 'full'
  | 'lease-gone'
  | 'lease-exists'
  | 'compacted'
  | 'too-large'
  | 'other';

/** A call that failed, in the words of the server or of gRPC. */
export class EtcdFailure extends Error {
  override readonly name = 'EtcdFailure';
  readonly kind: FailureKind;
  /** False where it is certain that what was asked for was not done and will not be. */
  readonly mayBeDone: boolean;

  constructor(kind: FailureKind, message: string, mayBeDone: boolean) {
    super(message);
    this.kind = kind;
    this.mayBeDone = mayBeDone;
  }
}

// https://grpc.io/docs/guides/status-codes
const status = {
  cancelled: 1,
  unknown: 2,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  outOfRange: 11,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

const away: readonly number[] = [
  status.cancelled,
  status.unknown,
  status.deadlineExceeded,
  status.aborted,
  status.internal,
  status.unavailable,
];

/** Said before a request went out, or before the server took it up. */
const notTakenUp =
  /No connection established|ECONNREFUSED|Name resolution failed|no leader|too many requests/;

/** Reads what a gRPC call failed with: its status code and the words of etcd (`rpctypes/error.go` of etcd-io/etcd). */
export function readFailure(thrown: unknown): EtcdFailure {
  if (thrown instanceof EtcdFailure) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const kind = kindOf(code, message);
  // At the moment at which the quota is passed, etcd does what is asked for and says that there is no space.
  const mayBeDone = (kind === 'away' && !notTakenUp.test(message)) || kind === 'full';
  return new EtcdFailure(kind, message, mayBeDone);
}

function kindOf(code: unknown, message: string): FailureKind {
  if (/database space exceeded/.test(message)) return 'full';
  if (/too many requests/.test(message)) return 'away';
  if (/request is too large|message larger than max/.test(message)) return 'too-large';
  if (/revision of auth store is old|revision in header is old/.test(message)) return 'token';
  if (/authentication failed|authentication is not enabled|user name is empty/.test(message))
    return 'refused';
  if (code === status.unauthenticated) return 'token';
  if (code === status.permissionDenied) return 'refused';
  if (code === status.notFound && /lease/.test(message)) return 'lease-gone';
  if (code === status.failedPrecondition && /lease already exists/.test(message)) return 'lease-exists';
  if (code === status.outOfRange && /compacted/.test(message)) return 'compacted';
  return away.some((one) => one === code) ? 'away' : 'other';
}

/** Where a failure is told to a caller: which engine, and whether it may have been done after all. */
export interface FailureContext {
  readonly endpoints: readonly string[];
  readonly mayBeDone: boolean;
}

/** The error that a failure is to those who asked. */
export function toStarlingError(
  failure: EtcdFailure,
  { endpoints, mayBeDone }: FailureContext,
): StarlingError {
  const where = `etcd at ${endpoints.join(', ')}`;
  const details = { endpoints, outcome: mayBeDone ? 'unknown' : 'not-done' };
  const options = { details, cause: failure };
  switch (failure.kind) {
    case 'full':
      return new StarlingError(
        'storage-full',
        `The database of ${where} has reached its quota. Nothing is written until its operator compacts it, runs "etcdctl defrag" on each member (or raises --quota-backend-bytes), and then "etcdctl alarm disarm".`,
        options,
      );
    case 'token':
    case 'refused':
      return new StarlingError(
        'storage-refused',
        `${where} refused the credentials: ${failure.message}. ${refusedAdvice(failure.message)}`,
        options,
      );
    case 'too-large':
      return new StarlingError(
        'input-too-large',
        `${where} takes no request that large: ${failure.message}. Write less at once, or set its --max-request-bytes to at least 1572864.`,
        options,
      );
    case 'away':
      return new StarlingError(
        'storage-unavailable',
        `${where} did not answer: ${reasonOf(failure.message)}. ${mayBeDone ? 'It may have been done or may still be done: read what there is before doing it again' : 'It was not done: try again'}; if this stays, look at the servers and the network.`,
        options,
      );
    default:
      return new StarlingError('storage-failed', `${where} failed: ${failure.message}.`, options);
  }
}

/** What gRPC says of a connection, in as many words as say something. */
function reasonOf(message: string): string {
  return message
    .replace(/^\d+ [A-Z_]+: /, '')
    .replace(/^No connection established\. Last error: (?:Error: )?/, '')
    .replace(/\.? *Resolution note:.*$/, '')
    .replace(
      /^Failed to connect.*$/,
      'the connection was ended before anything was said, as where one side speaks TLS and the other does not',
    );
}

function refusedAdvice(message: string): string {
  if (/not enabled/.test(message))
    return 'Its authentication is off: turn it on there, or name no user here.';
  if (/user name is empty/.test(message)) return 'It asks for a user: name one, with its password.';
  if (/permission denied/.test(message))
    return "Give the user's role readwrite on the prefix of Starling's keys.";
  return 'Correct the user or the password.';
}
