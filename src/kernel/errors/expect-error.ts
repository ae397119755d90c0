import type { ErrorCode } from './codes.js';
import { StarlingError } from './starling-error.js';

/**
 * For tests: resolves with the `StarlingError` of code `code` that `promise` fails with. Throws where it resolves, or
 * fails in any other way.
 */
export async function expectError(promise: Promise<unknown>, code: ErrorCode): Promise<StarlingError> {
  let value: unknown;
  try {
    value = await promise;
  } catch (thrown) {
    if (thrown instanceof StarlingError && thrown.code === code) return thrown;
    const got = thrown instanceof StarlingError ? thrown.code : 'another error';
    throw new Error(`expected ${code}, got ${got}: ${String(thrown)}`, { cause: thrown });
  }
  throw new Error(`expected ${code}, but it resolved with ${String(value)}`);
}
