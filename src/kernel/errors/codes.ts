/**
 * Every way in which Starling can fail, as a closed set. A code is stable: clients branch on it, and
 * `docs/errors.md` documents each one (a test holds the two together).
 *
 * `status` is the HTTP status that the gateway answers with; `exit` is the exit status of the CLI.
 * Exit statuses: 1 a failure of Starling, 2 bad input, 3 refused by an agreement or rule, 4 not found or
 * conflicting, 5 a party or resource was not available (try again).
 */
export const errorCodes = {
  // input that cannot be understood
  'configuration-invalid': { status: 422, exit: 2, title: 'The configuration has errors' },
  'input-invalid': { status: 400, exit: 2, title: 'The input does not have the form that is asked for' },
  'input-too-large': { status: 413, exit: 2, title: 'The input is larger than allowed' },
  'media-type-unsupported': { status: 415, exit: 2, title: 'The media type is not one that is understood' },
  'protocol-unsupported': {
    status: 412,
    exit: 2,
    title: 'The version of the protocol is not one that is spoken',
  },
  'range-invalid': { status: 416, exit: 2, title: 'The file has no such bytes' },
  'format-unavailable': { status: 406, exit: 2, title: 'The answer cannot be given in that form' },
  'unknown-party': { status: 422, exit: 2, title: 'No such party' },
  'unknown-data-set': { status: 422, exit: 2, title: 'No such data set' },
  'unknown-request-type': { status: 422, exit: 2, title: 'No such request type' },
  'unknown-archetype': { status: 422, exit: 2, title: 'No such archetype' },
  'unknown-step': { status: 422, exit: 2, title: 'No such step' },
  'unknown-option': { status: 422, exit: 2, title: 'No such option' },
  'composition-invalid': { status: 422, exit: 2, title: 'The steps do not form one chain' },
  'statement-invalid': { status: 422, exit: 2, title: 'The SQL statement cannot be parsed or bound' },

  // refused: understood, and not allowed
  'request-refused': { status: 403, exit: 3, title: 'No agreement allows the request' },
  'no-common-archetype': { status: 403, exit: 3, title: 'No archetype is allowed by every provider' },
  'statement-refused': { status: 403, exit: 3, title: 'The statement uses what is not allowed' },
  'order-refused': { status: 403, exit: 3, title: 'The agent refused the order' },
  'host-refused': { status: 403, exit: 3, title: 'The Host or Origin header is not one that is served' },
  'token-missing': { status: 401, exit: 3, title: 'Nobody is signed in' },
  'token-invalid': { status: 401, exit: 3, title: 'The token is not one that is believed' },
  'clock-skewed': { status: 401, exit: 5, title: 'Two clocks differ by too much' },
  'issuer-unreachable': { status: 503, exit: 5, title: 'The keys of an issuer cannot be had' },
  'role-missing': { status: 403, exit: 3, title: 'The role for that is missing' },
  'rate-limited': { status: 429, exit: 5, title: 'Too many requests in a short time' },
  'signature-invalid': { status: 403, exit: 3, title: 'The signature is not of a key that is pinned' },
  'enrolment-refused': { status: 403, exit: 3, title: 'The enrolment token is not valid' },
  'release-refused': { status: 403, exit: 3, title: 'The release would tell of too few persons' },
  'ground-lost': { status: 409, exit: 4, title: 'What it rested on was withdrawn' },
  'audit-broken': { status: 500, exit: 1, title: 'The audit log was tampered with' },
  'certificate-invalid': { status: 422, exit: 2, title: 'The certificate or its key cannot be used' },
  'backup-invalid': { status: 422, exit: 2, title: 'The backup cannot be restored' },
  'storage-version': { status: 500, exit: 1, title: 'The storage was written by another version' },
  'not-yours': { status: 403, exit: 3, title: 'Only the person who asked may see this' },

  // state of things
  'not-found': { status: 404, exit: 4, title: 'There is nothing under that name' },
  'method-not-allowed': { status: 405, exit: 2, title: 'The resource does not know that method' },
  'revision-conflict': { status: 409, exit: 4, title: 'It was changed by somebody else meanwhile' },
  'configuration-differs': {
    status: 409,
    exit: 4,
    title: 'The configuration is not the one that is in force',
  },
  'job-ended': { status: 410, exit: 4, title: 'The job has expired or was revoked' },
  'result-gone': { status: 410, exit: 4, title: 'The answer is no longer kept' },
  'result-not-ready': { status: 409, exit: 5, title: 'The answer is not there yet' },
  'name-taken': { status: 409, exit: 4, title: 'Another one has that name' },
  'host-in-use': { status: 409, exit: 4, title: 'The host keeps instances still' },
  'lease-lapsed': { status: 409, exit: 4, title: 'The lease has lapsed' },
  'task-ended': { status: 409, exit: 4, title: 'The task has come to its end' },
  'history-compacted': {
    status: 410,
    exit: 4,
    title: 'That revision is older than the history that is kept',
  },

  // runs and resources
  'provider-unavailable': { status: 503, exit: 5, title: 'A party that is needed is not there' },
  'data-set-unavailable': { status: 503, exit: 5, title: 'The data set cannot be read now' },
  'queue-full': { status: 429, exit: 5, title: 'The queue takes no more messages now' },
  'pool-exhausted': { status: 429, exit: 5, title: 'Every run of the party is taken' },
  'run-failed': { status: 502, exit: 1, title: 'A run failed' },
  'run-died': { status: 502, exit: 1, title: 'A run ended before its answer' },
  'step-failed': { status: 502, exit: 1, title: 'A foreign step did not keep to its contract' },
  'worker-lost': { status: 502, exit: 1, title: 'No worker finished the task' },
  'time-limit': { status: 504, exit: 5, title: 'A run took longer than its limit' },
  'memory-limit': { status: 507, exit: 5, title: 'A run needed more memory than its limit' },
  'result-too-large': { status: 422, exit: 2, title: 'The result is larger than the limit' },
  'no-fit': { status: 422, exit: 2, title: 'The regression has no answer' },
  'request-cancelled': { status: 409, exit: 4, title: 'The request was cancelled' },
  'storage-full': { status: 507, exit: 1, title: 'The disk is full' },
  'storage-failed': { status: 500, exit: 1, title: 'The storage could not be read or written' },
  'storage-unavailable': { status: 503, exit: 5, title: 'The storage does not answer' },
  'storage-refused': { status: 503, exit: 1, title: 'The storage refused the credentials' },
  'storage-replaced': { status: 500, exit: 1, title: 'The storage is not the one of before' },
  'blob-damaged': { status: 500, exit: 1, title: 'The stored bytes were changed' },
  'folder-in-use': { status: 409, exit: 5, title: 'Another process uses the data folder' },
  'port-in-use': { status: 409, exit: 5, title: 'Another process listens on that port' },
  'gateway-unreachable': { status: 503, exit: 5, title: 'The gateway does not answer' },
  'shutting-down': { status: 503, exit: 5, title: 'The process is stopping' },
  internal: { status: 500, exit: 1, title: 'An error of Starling itself' },
} as const satisfies Record<string, { status: number; exit: number; title: string }>;

/** A stable name of one way to fail; see `docs/errors.md`. */
export type ErrorCode = keyof typeof errorCodes;

/** True where `text` is one of the closed set of codes. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCodes, text);
}
