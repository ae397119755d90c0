import { StarlingError } from '../../errors/index.js';

/** A delivery, as the server names it in the subject that answers to it are sent to. */
export interface Lease {
  /** That subject, which is the token of the lease: another process can answer too. */
  readonly token: string;
  /** The place of the message in its stream. */
  readonly place: number;
  /** Which delivery of it this is, from 1 on. */
  readonly delivery: number;
  /** When the message was stored, in milliseconds since 1970. */
  readonly storedAt: number;
}

/**
 * Reads a token: `$JS.ACK.` with perhaps a domain and an account, then stream, consumer, delivery, place, number of the delivery
 * in the consumer, time in nanoseconds, messages left, and perhaps a random word (ADR-15 of NATS). Undefined where it is none of
 * this stream.
 */
export function readLease(token: string, stream: string, consumer: string): Lease | undefined {
  const words = token.split('.');
  const at = words.length >= 11 ? 4 : 2;
  if (words.length !== 9 && words.length !== 11 && words.length !== 12) return undefined;
  if (words[0] !== '$JS' || words[1] !== 'ACK' || words[at] !== stream || words[at + 1] !== consumer)
    return undefined;
  if (!words.slice(2).every((word) => /^[\w-]+$/.test(word))) return undefined;
  const numbers = words.slice(at + 2, at + 7);
  if (!numbers.every((number) => /^\d{1,20}$/.test(number))) return undefined;
  const [delivery = 0, place = 0, , storedNs = 0] = numbers.map(Number);
  return { token, place, delivery, storedAt: Math.floor(storedNs / 1_000_000) };
}

/** That a lease does not hold any more. */
export function leaseLapsed(token: string): StarlingError {
  return new StarlingError(
    'lease-lapsed',
    `The lease ${JSON.stringify(token.slice(0, 200))} has lapsed, or its message is done: another worker may have it. Drop the work, and take anew.`,
    { details: { lease: token } },
  );
}
