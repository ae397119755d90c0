import {
  Environment,
  GroupWriter,
  type Root,
  type StoreFormat,
  type TextTable,
  textTable,
} from '../../lmdb/index.js';

interface Tables {
  /** Hash and owner → nothing. */
  readonly owners: TextTable;
}

const format: StoreFormat = { of: 'blobs', name: 'starling-blobs', version: 1, table: 'blobs' };
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
    const openTables = (root: Root): Tables => ({ owners: textTable(root, 'owners') });
    return new References(await Environment.open({ folder, format, openTables }));
  }

  async add(hash: string, owner: string): Promise<void> {
    const held = key(hash, owner);
    await this.#writer.write([() => this.#environment.tables.owners.put(held, '')], held.length);
  }

  async remove(pairs: readonly (readonly [hash: string, owner: string])[]): Promise<void> {
    if (pairs.length === 0) return;
    await this.#writer.write(
      pairs.map(
        ([hash, owner]) =>
          () =>
            this.#environment.tables.owners.remove(key(hash, owner)),
      ),
      0,
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

function key(hash: string, owner: string): Buffer {
  return Buffer.concat([Buffer.from(hash, 'hex'), Buffer.from(owner)]);
}

function ownerIn(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(hashBytes)).toString('utf8');
}
