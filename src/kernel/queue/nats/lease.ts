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
 * Reads tokens: `$JS.ACK.` with perhaps a domain and an account, then stream, consumer, delivery, place, number of the delivery
 * in the consumer, time in nanoseconds, messages left, and perhaps a random word (ADR-15 of NATS). Undefined for what is none of
 * this stream.
 */
export function leaseReader(stream: string, consumer: string): (token: string) => Lease | undefined {
  const numbers = String.raw`(\d{1,20})\.(\d{1,20})\.\d{1,20}\.(\d{1,20})\.\d{1,20}`;
  const older = new RegExp(String.raw`^\$JS\.ACK\.${stream}\.${consumer}\.${numbers}$`);
  const newer = new RegExp(
    String.raw`^\$JS\.ACK\.[\w-]+\.[\w-]+\.${stream}\.${consumer}\.${numbers}(?:\.[\w-]+)?$`,
  );
  return (token) => {
    const [, delivery, place, storedNs] = older.exec(token) ?? newer.exec(token) ?? [];
    if (delivery === undefined) return undefined;
    const storedAt = Math.floor(Number(storedNs) / 1_000_000);
    return { token, place: Number(place), delivery: Number(delivery), storedAt };
  };
}

/** That a lease does not hold any more. */
export function leaseLapsed(token: string): StarlingError {
  return new StarlingError(
    'lease-lapsed',
    `The lease ${JSON.stringify(token.slice(0, 200))} has lapsed, or its message is done: another worker may have it. Drop the work, and take anew.`,
    { details: { lease: token } },
  );
}
