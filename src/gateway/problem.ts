import { type ErrorRecord, errorCodes, type StarlingError } from '../kernel/errors/index.js';

/** One fault in what was sent. */
export interface ProblemIssue {
  /** Where, as a JSON pointer (RFC 6901) into the body, or into the part that `in` names. */
  readonly pointer: string;
  readonly message: string;
  /** Absent for the body. */
  readonly in?: 'path' | 'query' | 'header';
}

/** A problem document (RFC 9457). Further members are the details of the error. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly instance: string;
  /** The request that it ended, which can be explained. */
  readonly request?: string;
  readonly errors?: readonly ProblemIssue[];
  readonly [detail: string]: unknown;
}

/** The media type of a problem document. */
export const problemType = 'application/problem+json';

const unexpected = 'Starling failed where it should not. The log of the gateway says why; tell the operator.';

/** Keys and indexes as a JSON pointer (RFC 6901); the whole is the empty string. */
export function jsonPointer(path: readonly (string | number)[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * The problem document for an error. What an `internal` error says is left out: it was not written for clients.
 *
 * @param instance the path that was asked for
 */
export function problemOf(error: StarlingError, instance: string): Problem {
  const { code, message, details } = publicError(error.toRecord());
  const { title, status } = errorCodes[code];
  const { errors, ...others } = details ?? {};
  const standard = {
    type: `/docs/errors#${code}`,
    title,
    status,
    code,
    detail: message,
    instance,
    ...(Array.isArray(errors) ? { errors: errors.map(toProblemIssue) } : {}),
  };
  // twice, so that the standard members come first and none is replaced
  return { ...standard, ...others, ...standard };
}

/** An error as others may see it: an `internal` one keeps its code only. */
export function publicError(record: ErrorRecord): ErrorRecord {
  return record.code === 'internal' ? { code: 'internal', message: unexpected } : record;
}

/** The exchange tells faults by path; a problem document has JSON pointers. */
function toProblemIssue(issue: unknown): ProblemIssue {
  const { path, message, in: place } = (issue ?? {}) as { path?: unknown; message?: unknown; in?: unknown };
  return {
    pointer: Array.isArray(path) ? jsonPointer(path) : '',
    message: typeof message === 'string' ? message : String(issue),
    ...(place === 'path' || place === 'query' || place === 'header' ? { in: place } : {}),
  };
}
