import { type ErrorCode, errorCodes, isErrorCode } from './codes.js';

/** What an error carries besides its message: plain JSON data that a client may show or branch on. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** A `StarlingError` as plain data: the form in which errors cross processes and HTTP. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: ErrorDetails;
}

/**
 * The one error class. `message` says what happened, to what, and what to do; `details` is plain data.
 * The cause stays in the process: it is logged, and never sent to a client.
 */
export class StarlingError extends Error {
  override readonly name = 'StarlingError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails | undefined;

  constructor(code: ErrorCode, message: string, options?: { details?: ErrorDetails; cause?: unknown }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options?.details;
  }

  /** The HTTP status that stands for this error. */
  get status(): number {
    return errorCodes[this.code].status;
  }

  /** The exit status of a command that ends with this error. */
  get exitStatus(): number {
    return errorCodes[this.code].exit;
  }

  toRecord(): ErrorRecord {
    return {
      code: this.code,
      message: this.message,
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }

  /** Rebuilds an error that came over a process or network border; an unknown code becomes `internal`. */
  static fromRecord(record: {
    code: string;
    message: string;
    details?: ErrorDetails | undefined;
  }): StarlingError {
    const code = isErrorCode(record.code) ? record.code : 'internal';
    return new StarlingError(code, record.message, record.details ? { details: record.details } : {});
  }

  /**
   * Any thrown value as a `StarlingError`. A full disk is recognised by its system code wherever it strikes;
   * whatever else is not ours becomes `code` with the original as its cause.
   */
  static from(thrown: unknown, code: ErrorCode = 'internal', what?: string): StarlingError {
    if (thrown instanceof StarlingError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const text = what === undefined ? message : `${what}: ${message}`;
    if (isSystemError(thrown, 'ENOSPC') || isSystemError(thrown, 'EDQUOT')) {
      return new StarlingError('storage-full', `${text}. Free disk space and try again.`, { cause: thrown });
    }
    return new StarlingError(code, text, { cause: thrown });
  }
}

/** True where `thrown` is an error of the operating system with the given code, such as `ENOENT`. */
export function isSystemError(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code;
}
