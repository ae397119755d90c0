import { z } from 'zod';
import { StarlingError } from '../../errors/index.js';
import { damaged } from '../names.js';

/** What is known of a blob. Without owners it is being removed, and not there to anybody. */
export interface BlobRecord {
  readonly bytes: number;
  /** The upload whose bytes it is. */
  readonly upload: string;
  readonly owners: readonly string[];
}

const recordSchema: z.ZodType<BlobRecord> = z.strictObject({
  bytes: z.number(),
  upload: z.string(),
  owners: z.array(z.string()),
});

/** Reads the record of a blob. Throws `blob-damaged` for what is none. */
export function readBlobRecord(hash: string, text: string): BlobRecord {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    const message = `${damaged(hash).message} It is its record that cannot be read.`;
    throw new StarlingError('blob-damaged', message, { cause, details: { hash } });
  }
}

/** A record that somebody holds. */
export function held(record: BlobRecord | undefined): BlobRecord | undefined {
  return record === undefined || record.owners.length === 0 ? undefined : record;
}

/** The record with one owner more; the same one where it has that owner. */
export function withOwner(record: BlobRecord, owner: string): BlobRecord {
  return record.owners.includes(owner) ? record : { ...record, owners: [...record.owners, owner] };
}

/** The record with those of its owners who are to be kept; the same one where that is all of them. */
export function keepOwners(
  record: BlobRecord | undefined,
  isKept: (owner: string) => boolean,
): BlobRecord | undefined {
  const owners = record?.owners.filter((owner) => isKept(owner)) ?? [];
  return record === undefined || owners.length === record.owners.length ? record : { ...record, owners };
}
