import { StarlingError } from '../errors/index.js';

/**
 * Thrown by a reconcile where trying again cannot help until somebody changes something, such as an invalid
 * specification. The controller reports it and does not retry; the next `enqueue` of the key runs it again.
 */
export class TerminalError extends StarlingError {
  /** Takes over code, message and details of `thrown`, and keeps it as the cause. */
  constructor(thrown: unknown) {
    const error = StarlingError.from(thrown);
    super(error.code, error.message, {
      cause: thrown,
      ...(error.details === undefined ? {} : { details: error.details }),
    });
  }
}
