import { type ErrorCode, StarlingError } from '../../errors/index.js';

/** What the client's errors have, whichever of its packages made them. */
interface Answered {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
}

/** The name that the store gave its error, and the HTTP status; no status where nobody answered. */
export function answerOf(thrown: unknown): Answered {
  if (!(thrown instanceof Error)) return { name: '', message: String(thrown), status: undefined };
  const metadata: object = '$metadata' in thrown ? Object(thrown.$metadata) : {};
  const status = 'httpStatusCode' in metadata ? Number(metadata.httpStatusCode) : undefined;
  // where a name leads to several addresses, none of which answers, only the parts say why
  const parts = thrown instanceof AggregateError ? thrown.errors.map((one) => answerOf(one).message) : [];
  return { name: thrown.name, message: thrown.message || parts.join('; ') || thrown.name, status };
}

/** Whether there is no such object. A bucket that is missing is another matter. */
export function isMissing(thrown: unknown): boolean {
  const { name, status } = answerOf(thrown);
  return status === 404 && name !== 'NoSuchBucket';
}

/** Whether a condition did not hold, or another write of the same object was under way. */
export function isConflict(thrown: unknown): boolean {
  const { status } = answerOf(thrown);
  return status === 412 || status === 409 || isMissing(thrown);
}

const full = ['QuotaExceeded', 'XMinioStorageFull', 'InsufficientCapacity', 'EntityTooLarge'];
const skewed = ['RequestTimeTooSkewed', 'RequestExpired'];

/** An error of the client or the store as a `StarlingError`; `what` says what could not be done. */
export function s3Error(thrown: unknown, what: string, bucket: string): StarlingError {
  if (thrown instanceof StarlingError) return thrown;
  const { name, message, status } = answerOf(thrown);
  const why = name === message || name === 'Error' ? message : `${name}: ${message}`;
  const error = (code: ErrorCode, text: string) =>
    new StarlingError(code, `${what}: ${text}`, { cause: thrown, details: { bucket } });
  if (name === 'NoSuchBucket' || (status === 404 && name === 'NotFound'))
    return error(
      'storage-failed',
      `there is no bucket ${bucket}. Make it, or give the name of one that is there.`,
    );
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError')
    return error(
      'storage-refused',
      `no credentials were found (${message}). Give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or another of the ways of AWS.`,
    );
  if (skewed.includes(name))
    return error(
      'clock-skewed',
      `the clock of this machine is not that of the store (${why}). Set it right.`,
    );
  if (status === 507 || full.includes(name))
    return error('storage-full', `the store has no room left (${why}). Free some, or raise its quota.`);
  if (status === 401 || status === 403)
    return error(
      'storage-refused',
      `the store refused (${why}). Give credentials that may read, write, list and remove in bucket ${bucket}.`,
    );
  if (status === undefined || status === 429 || status >= 500)
    return new StarlingError(
      'storage-unavailable',
      `${what}: the store does not answer (${why}). See that it runs and can be reached; try again then.`,
      { cause: thrown, details: { bucket, outcome: 'unknown' } },
    );
  return error('storage-failed', `the store answered ${status} (${why}). See its own log.`);
}
