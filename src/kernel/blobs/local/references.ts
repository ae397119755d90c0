import type { Database } from 'lmdb';
import { StarlingError } from '../../errors/index.js';
import { Environment, GroupWriter, type Root } from '../../lmdb/index.js';

interface Tables {
  readonly meta: Database<string, Uint8Array>;
  /** Hash and owner → nothing. */
  readonly owners: Database<string, Uint8Array>;
}

const format = JSON.stringify({ format: 'starling-blobs', version: 1 });
const formatKey = Buffer.from('format');
const hashBytes = 32;

/** Who holds which blob, on disk. */
export class References {
  readonly #environment: Environment<Tables>;
  readonly #writer: GroupWriter;

  private constructor(environment: Environment<Tables>) {
    this.#environment = environment;
    this.#writer = new GroupWriter(environment);
  }

  /** Throws `storage-failed`, `storage-version` and `storage-full`. */
  static async open(folder: string): Promise<References> {
    const openTables = (root: Root) => tablesOf(root, folder);
    const references = new References(await Environment.open({ folder, openTables }));
    try {
      await references.#writer.write([() => references.#environment.tables.meta.put(formatKey, format)]);
      return references;
    } catch (error) {
      await references.close();
      throw error;
    }
  }

  async add(hash: string, owner: string): Promise<void> {
    await this.#writer.write([() => this.#environment.tables.owners.put(key(hash, owner), '')]);
  }

  async remove(pairs: readonly (readonly [hash: string, owner: string])[]): Promise<void> {
    if (pairs.length === 0) return;
    await this.#writer.write(
      pairs.map(
        ([hash, owner]) =>
          () =>
            this.#environment.tables.owners.remove(key(hash, owner)),
      ),
    );
  }

  /** The owners of a blob, sorted. */
  async ownersOf(hash: string): Promise<string[]> {
    await this.#environment.ready();
    const start = Buffer.from(hash, 'hex');
    const end = Buffer.concat([start, Buffer.from([0xff])]);
    return [...this.#environment.tables.owners.getKeys({ start, end })].map((bytes) => ownerIn(bytes)).sort();
  }

  /** Every owner of every blob. */
  async all(): Promise<(readonly [hash: string, owner: string])[]> {
    await this.#environment.ready();
    const keys = [...this.#environment.tables.owners.getKeys({ start: Buffer.alloc(1) })];
    return keys.map((bytes) => [Buffer.from(bytes.subarray(0, hashBytes)).toString('hex'), ownerIn(bytes)]);
  }

  async close(): Promise<void> {
    await this.#writer.drained();
    await this.#environment.close();
  }
}

function tablesOf(root: Root, folder: string): Tables {
  const options = { keyEncoding: 'binary', encoding: 'string' } as const;
  const meta: Tables['meta'] = root.openDB({ ...options, name: 'blobs' });
  const stored = meta.get(formatKey);
  if (stored !== undefined && stored !== format) {
    throw new StarlingError(
      'storage-version',
      `The blobs folder ${folder} has the format ${stored}; this program reads ${format}. Use the version of Starling that wrote it.`,
      { details: { folder } },
    );
  }
  return { meta, owners: root.openDB({ ...options, name: 'owners' }) };
}

function key(hash: string, owner: string): Buffer {
  return Buffer.concat([Buffer.from(hash, 'hex'), Buffer.from(owner)]);
}

function ownerIn(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(hashBytes)).toString('utf8');
}
