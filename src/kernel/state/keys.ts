import { StarlingError } from '../errors/index.js';
import { stateLimits } from './limits.js';

/** A range of keys as bytes: from `start` (included) to `end` (excluded). */
export interface KeyRange {
  readonly start: Buffer;
  readonly end: Buffer;
}

/**
 * The bytes that a key is stored and ordered by: its UTF-8 form.
 * Throws `input-invalid` unless it is a non-empty, well-formed string of at most 1,024 bytes.
 */
export function encodeKey(key: unknown): Buffer {
  const bytes = encodeText(key, 'key');
  if (bytes.length === 0)
    throw new StarlingError('input-invalid', 'A key is empty. Give it at least a character.');
  return bytes;
}

/** The key that `encodeKey` made the bytes of. */
export function decodeKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/**
 * The range of the keys that start with `prefix` (all keys where it is empty), after the key `after` where it is given.
 * Throws `input-invalid` as `encodeKey` does.
 */
export function prefixRange(prefix: unknown, after?: unknown): KeyRange {
  const bytes = encodeText(prefix, 'prefix');
  // UTF-8 has no byte 0xff, so this bound lies behind every key with the prefix and before every other.
  const end = Buffer.concat([bytes, Buffer.from([0xff])]);
  if (after === undefined) return { start: bytes, end };
  const next = Buffer.concat([encodeKey(after), Buffer.from([0])]);
  return { start: Buffer.compare(next, bytes) > 0 ? next : bytes, end };
}

function encodeText(text: unknown, what: 'key' | 'prefix'): Buffer {
  if (typeof text !== 'string') {
    throw new StarlingError('input-invalid', `A ${what} is of type ${typeof text}. Give a string.`);
  }
  // An unpaired surrogate has no UTF-8 form: it would come back as another key.
  if (/\p{Surrogate}/u.test(text)) {
    throw new StarlingError(
      'input-invalid',
      `The ${what} ${JSON.stringify(text)} is not well-formed Unicode.`,
    );
  }
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > stateLimits.keyBytes) {
    throw new StarlingError(
      'input-invalid',
      `The ${what} ${JSON.stringify(`${text.slice(0, 40)}…`)} has ${bytes.length} bytes. Use at most ${stateLimits.keyBytes}.`,
    );
  }
  return bytes;
}
