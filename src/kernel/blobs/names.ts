import { StarlingError } from '../errors/index.js';
import type { ByteRange } from './blobs.js';

/** Throws `input-invalid` for what is no SHA-256 in hexadecimal digits: it would name a file elsewhere. */
export function assertHash(hash: string): void {
  if (/^[0-9a-f]{64}$/.test(hash)) return;
  throw new StarlingError(
    'input-invalid',
    `${JSON.stringify(hash.slice(0, 80))} is not the hash of a blob. Give its 64 lower-case hexadecimal digits.`,
  );
}

/** Throws `input-invalid`. */
export function assertOwner(owner: string): void {
  if (owner.length > 0 && owner.length <= 500 && !owner.includes('\0')) return;
  throw new StarlingError(
    'input-invalid',
    `The owner of a blob has ${owner.length} characters. Give 1 to 500, without NUL.`,
  );
}

/** Throws `input-invalid` for a range that is not within `bytes`. */
export function assertRange({ start, end }: ByteRange, bytes: number): void {
  const isWhole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (isWhole && start >= 0 && start <= end && end <= bytes) return;
  throw new StarlingError(
    'input-invalid',
    `Bytes ${start} to ${end} are not within the ${bytes} bytes of the blob. Ask for a range that is.`,
  );
}

/** That there is no such blob. */
export function noBlob(hash: string): StarlingError {
  return new StarlingError(
    'not-found',
    `There is no blob ${hash}. It may have been removed with what held it.`,
    {
      details: { hash },
    },
  );
}

/** That the bytes of a blob are not those that were written. */
export function damaged(hash: string): StarlingError {
  return new StarlingError(
    'blob-damaged',
    `The bytes of blob ${hash} are not those that were written: its file was changed or its disk is failing. Restore it from a copy, or write it again.`,
    { details: { hash } },
  );
}
