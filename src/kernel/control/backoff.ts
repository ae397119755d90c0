import { StarlingError } from '../errors/index.js';

/** How long to wait before a key that failed is tried again. Every field has a default. */
export interface BackoffOptions {
  /** Ceiling of the first wait in milliseconds; 100. */
  readonly initialMs?: number;
  /** Ceiling of every wait in milliseconds; 60,000. */
  readonly maxMs?: number;
  /** By what the ceiling grows with each failure in a row; 2. */
  readonly factor?: number;
  /**
   * `equal` (default): between half of the ceiling and the ceiling, so that there is always some rest.
   * `full`: between 0 and the ceiling, which spreads competing clients best. `none`: the ceiling.
   */
  readonly jitter?: 'equal' | 'full' | 'none';
}

/** `BackoffOptions` with every default filled in and every value checked. */
export type Backoff = Required<BackoffOptions>;

/** Fills in defaults; throws `configuration-invalid` where a wait would not be a positive, finite time. */
export function validateBackoff(options: BackoffOptions = {}): Backoff {
  const { initialMs = 100, maxMs = 60_000, factor = 2, jitter = 'equal' } = options;
  const valid =
    initialMs > 0 && Number.isFinite(maxMs) && maxMs >= initialMs && factor >= 1 && Number.isFinite(factor);
  if (!valid) {
    throw new StarlingError(
      'configuration-invalid',
      `The backoff initialMs ${initialMs}, maxMs ${maxMs}, factor ${factor} is not usable. ` +
        'Give 0 < initialMs <= maxMs, finite, and a factor of at least 1.',
    );
  }
  return { initialMs, maxMs, factor, jitter };
}

/**
 * The wait in milliseconds after `failures` failures in a row (1 or more); `sample` is a random number in [0, 1).
 *
 * Formulas "Full Jitter" and "Equal Jitter" of Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture
 * Blog, 2015: ceiling = min(max, initial × factor^(failures − 1)).
 */
export function backoffDelay(backoff: Backoff, failures: number, sample: number): number {
  const ceiling = Math.min(backoff.maxMs, backoff.initialMs * backoff.factor ** (failures - 1));
  switch (backoff.jitter) {
    case 'none':
      return ceiling;
    case 'full':
      return ceiling * sample;
    case 'equal':
      return ceiling / 2 + (ceiling / 2) * sample;
  }
}
