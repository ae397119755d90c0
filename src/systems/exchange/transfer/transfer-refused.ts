import { StarlingError } from '../../../kernel/errors/index.js';

/** The refusal of rows; `why` goes on from "since". */
export function transferRefused(why: string, cause?: unknown): StarlingError {
  return new StarlingError('order-refused', `The rows are not taken, since ${why}.`, {
    ...(cause === undefined ? {} : { cause }),
  });
}
