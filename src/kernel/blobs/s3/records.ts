import type { BlobRecord } from '../recorded/blob-record.js';
import type { RecordStore } from '../recorded/blob-records.js';
import { recordName, recordsPrefix } from './layout.js';
import type { Objects } from './objects.js';

/**
 * The records as objects, with their tags for versions: every change is a conditional write. A record says all there is to it, so it
 * does not matter where it came to be the same again meanwhile.
 */
export class ObjectRecords implements RecordStore {
  readonly #objects: Objects;
  readonly #removesOnCondition: boolean;

  constructor(objects: Objects, { removesOnCondition }: { readonly removesOnCondition: boolean }) {
    this.#objects = objects;
    this.#removesOnCondition = removesOnCondition;
  }

  async read(hash: string): Promise<{ readonly text: string; readonly version: string } | undefined> {
    const found = await this.#objects.read(recordName(hash));
    return found && { text: found.text, version: found.tag };
  }

  write(hash: string, record: BlobRecord, version: string | undefined): Promise<string | undefined> {
    const condition = version === undefined ? 'absent' : { tag: version };
    return this.#objects.put(recordName(hash), JSON.stringify(record), condition);
  }

  async remove(hash: string, version: string): Promise<void> {
    if (this.#removesOnCondition) await this.#objects.remove(recordName(hash), version);
  }

  async *hashes(): AsyncGenerator<string> {
    for await (const { name } of this.#objects.list(recordsPrefix)) yield name.slice(recordsPrefix.length);
  }
}
