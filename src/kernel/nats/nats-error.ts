import { JetStreamApiError, jserrors } from '@nats-io/jetstream/internal';
import { errors } from '@nats-io/transport-node';
import { StarlingError } from '../errors/index.js';

/** The server's own codes: https://github.com/nats-io/nats-server/blob/main/server/errors.json */
export const natsCodes = {
  accountLimits: 10002,
  temporarilyUnavailable: 10008,
  clusterNotAvailable: 10013,
  insufficientResources: 10023,
  memoryExceeded: 10028,
  messageNotFound: 10037,
  sequenceNotFound: 10043,
  messageDeleteFailed: 10057,
  notEnabledForAccount: 10039,
  storageExceeded: 10047,
  streamNameTaken: 10058,
  streamNotFound: 10059,
  wrongLastSequence: 10071,
  storeFailed: 10077,
  notEnabled: 10076,
  streamOffline: 10118,
  duplicateInProcess: 10158,
  lastSequenceInProcess: 10164,
  consumerNotFound: 10014,
} as const;

const full: readonly number[] = [
  natsCodes.accountLimits,
  natsCodes.insufficientResources,
  natsCodes.memoryExceeded,
  natsCodes.storageExceeded,
];
const away: readonly number[] = [
  natsCodes.temporarilyUnavailable,
  natsCodes.clusterNotAvailable,
  natsCodes.streamOffline,
  // an earlier try of the same message, or another of its subject, is on its way, and nobody knows yet whether it arrives
  natsCodes.duplicateInProcess,
  natsCodes.lastSequenceInProcess,
];
const gone: readonly number[] = [natsCodes.streamNotFound, natsCodes.consumerNotFound];

/** The code that a server gave, where it answered with an error. */
export function natsCodeOf(thrown: unknown): number | undefined {
  return thrown instanceof JetStreamApiError ? thrown.code : undefined;
}

/** Whether nobody answered, so that nobody knows what became of what was asked. */
export function isUnanswered(thrown: unknown): boolean {
  if (thrown instanceof JetStreamApiError) return away.includes(thrown.code);
  return (
    thrown instanceof errors.TimeoutError ||
    thrown instanceof errors.RequestError ||
    thrown instanceof errors.ConnectionError ||
    thrown instanceof jserrors.JetStreamNotEnabled
  );
}

/** An error of the client or a server as a `StarlingError`; `what` says what could not be done. */
export function natsError(thrown: unknown, what: string): StarlingError {
  if (thrown instanceof StarlingError) return thrown;
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  const code = natsCodeOf(thrown);
  const cause = thrown;
  if (thrown instanceof errors.AuthorizationError || thrown instanceof errors.UserAuthenticationExpiredError)
    return new StarlingError(
      'storage-refused',
      `${what}: NATS refused the credentials (${why}). Give those of an account that has JetStream.`,
      { cause },
    );
  if (thrown instanceof errors.PermissionViolationError)
    return new StarlingError(
      'storage-refused',
      `${what}: the account at NATS may not do that (${why}). Give it the permissions.`,
      { cause },
    );
  if (code === natsCodes.notEnabled || code === natsCodes.notEnabledForAccount)
    return new StarlingError(
      'storage-failed',
      `${what}: the NATS servers have no JetStream for this account. Start them with JetStream, and give the account limits.`,
      { cause },
    );
  if (code !== undefined && (full.includes(code) || (code === natsCodes.storeFailed && isOfBytes(why))))
    return new StarlingError(
      'storage-full',
      `${what}: NATS has no room left (${why}), and nothing was written. Free disk space at its servers, or raise the limits of the account.`,
      { cause },
    );
  if (code !== undefined && gone.includes(code))
    return new StarlingError(
      'storage-replaced',
      `${what}: NATS does not have it any more (${why}). It is another store than before, or came back empty: bring its data back, or open it anew.`,
      { cause },
    );
  if (thrown instanceof errors.ClosedConnectionError || thrown instanceof errors.DrainingConnectionError)
    return new StarlingError('shutting-down', `${what}: the connection to NATS was closed. Open it again.`, {
      cause,
    });
  if (isUnanswered(thrown))
    return new StarlingError(
      'storage-unavailable',
      `${what}: NATS does not answer (${why}). See that its servers run and that most of them reach one another; try again then.`,
      { cause, details: { outcome: 'unknown' } },
    );
  if (isOfCertificate(thrown))
    return new StarlingError(
      'certificate-invalid',
      `${what}: the certificate that NATS shows is not believed (${why}). Name the authority that vouches for it, and the servers as they are in it.`,
      { cause },
    );
  return StarlingError.from(thrown, 'storage-failed', what);
}

/** Node names what is wrong with a certificate by a code: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
function isOfCertificate(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return /CERT|VERIFY/.test(code);
}

function isOfBytes(why: string): boolean {
  return /bytes|space|resources/.test(why);
}
