import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readFileIfThere, replaceFile } from '../../../kernel/durable-file/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { InstanceRecord } from '../../service.js';

/** What a host keeps in its folder: who it is, and which instances it has started. */
export class HostRecords {
  readonly identity: string;
  readonly #folder: string;
  readonly #instances: Map<string, readonly InstanceRecord[]>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(folder: string, identity: string, instances: readonly InstanceRecord[]) {
    this.#folder = folder;
    this.identity = identity;
    this.#instances = new Map([['', instances]]);
  }

  /** Opens the records in `folder`, which is made where there is none. Throws `storage-failed`, `storage-full`. */
  static async open(folder: string): Promise<HostRecords> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o750 });
      const kept = await readFileIfThere(join(folder, 'identity'));
      const identity = kept?.trim() ?? randomBytes(24).toString('base64url');
      if (kept === undefined) await replaceFile(join(folder, 'identity'), `${identity}\n`, 0o600);
      const records = JSON.parse((await readFileIfThere(join(folder, 'instances.json'))) ?? '[]');
      return new HostRecords(folder, identity, records as InstanceRecord[]);
    } catch (thrown) {
      throw StarlingError.from(thrown, 'storage-failed', `The folder ${folder} of the host cannot be opened`);
    }
  }

  /** Instances on record, of whatever service; at first those of the process before. */
  get instances(): readonly InstanceRecord[] {
    return [...this.#instances.values()].flat();
  }

  /** Forgets those of the process before. */
  forgetEarlier(): Promise<void> {
    return this.keep('', []);
  }

  /** Puts the instances of a service on record; resolves when that is on the disk. */
  keep(service: string, records: readonly InstanceRecord[]): Promise<void> {
    if (isDeepStrictEqual(this.#instances.get(service) ?? [], records)) return this.#writing;
    if (records.length === 0) this.#instances.delete(service);
    else this.#instances.set(service, records);
    const written = this.#writing.then(() =>
      replaceFile(join(this.#folder, 'instances.json'), `${JSON.stringify(this.instances)}\n`),
    );
    this.#writing = written.catch(() => undefined);
    return written;
  }
}
