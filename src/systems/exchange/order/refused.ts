import { StarlingError } from '../../../kernel/errors/index.js';

/** `order-refused` by `party`, with every reason as a whole sentence. */
export function orderRefused(party: string, reasons: readonly string[], cause?: unknown): StarlingError {
  const message = `${party} refuses the order: ${reasons.join(' ')} Ask the question again.`;
  return new StarlingError('order-refused', message, { details: { party, reasons }, cause });
}
