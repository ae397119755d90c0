import { z } from 'zod';
import { StarlingError } from '../../errors/index.js';
import { damaged } from '../names.js';
import { recordName, recordsPrefix } from './layout.js';
import type { Objects } from './objects.js';

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

/** How often a change is tried again where others change the same record. */
const mostTries = 1_000;

/** A record with the tag of its object. */
export interface StoredRecord {
  readonly record: BlobRecord;
  readonly tag: string;
}

/**
 * Who holds which blob. Every change is a conditional write: none is lost where two make one. A record says all there is to it, so
 * it does not matter where it came to be the same again meanwhile.
 */
export class BlobRecords {
  readonly #objects: Objects;

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  /** Undefined where there is none. Throws `blob-damaged` for what is no record. */
  async get(hash: string): Promise<StoredRecord | undefined> {
    const found = await this.#objects.read(recordName(hash));
    return found && { record: parsed(hash, found.text), tag: found.tag };
  }

  /** Puts what `next` makes of a record in its place; leaves it where that is the same. Gives the last, and what was before. */
  async change<Next extends BlobRecord | undefined>(
    hash: string,
    next: (record: BlobRecord | undefined) => Next,
  ): Promise<{ readonly record: Next; readonly before: BlobRecord | undefined; readonly tag: string }> {
    for (let tries = 1; tries <= mostTries; tries += 1) {
      const stored = await this.get(hash);
      const before = stored?.record;
      const record = next(before);
      if (record === undefined || record === before) return { record, before, tag: stored?.tag ?? '' };
      const condition = stored === undefined ? 'absent' : { tag: stored.tag };
      const tag = await this.#objects.put(recordName(hash), JSON.stringify(record), condition);
      // otherwise somebody else changed it meanwhile, or this very write was not answered and tried again
      if (tag !== undefined) return { record, before, tag };
    }
    throw new StarlingError(
      'storage-failed',
      `The record of blob ${hash} was changed by others ${mostTries} times while it was to be changed. Try again.`,
      { details: { hash } },
    );
  }

  /** Removes a record, where it is that one still. */
  async remove(hash: string, tag: string): Promise<void> {
    await this.#objects.remove(recordName(hash), tag);
  }

  /** The hashes of all records. */
  async *hashes(): AsyncGenerator<string> {
    for await (const { name } of this.#objects.list(recordsPrefix)) yield name.slice(recordsPrefix.length);
  }
}

function parsed(hash: string, text: string): BlobRecord {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new StarlingError(
      'blob-damaged',
      `${damaged(hash).message} It is its record that cannot be read.`,
      {
        cause,
        details: { hash },
      },
    );
  }
}
