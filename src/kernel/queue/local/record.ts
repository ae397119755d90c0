/** A message as it is stored, without its body. */
export interface MessageRecord {
  readonly priority: number;
  /** Deliveries so far. */
  readonly attempts: number;
  /** Milliseconds since 1970, as all times of a record. */
  readonly publishedAt: number;
  readonly id?: string;
  /** When it may be delivered; absent: at once. */
  readonly due?: number;
  /** The lease that it is under, with the time it was taken for. */
  readonly lease?: { readonly token: string; readonly ms: number };
  /** Set where it is a dead letter. */
  readonly dead?: { readonly at: number; readonly reason: string };
}

/** The record as text. */
export function encodeRecord(record: MessageRecord): string {
  return JSON.stringify(record);
}

/** Reads what `encodeRecord` wrote; the environment's format version vouches for its shape. */
export function decodeRecord(text: string): MessageRecord {
  return JSON.parse(text) as MessageRecord;
}
