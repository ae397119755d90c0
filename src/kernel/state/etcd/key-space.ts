import { StarlingError } from '../../errors/index.js';
import { decodeKey, encodeKey, type KeyRange, prefixRange } from '../keys.js';

/** The keys of one store within etcd: all below one prefix, so that others may use the same cluster. */
export class KeySpace {
  /** Ends in `/`. */
  readonly prefix: string;
  /** The key that says which store this is; its making is the store's revision 0. */
  readonly store: Buffer;
  readonly #entries: Buffer;

  /** Throws `configuration-invalid` for a prefix that no key can begin with. */
  constructor(prefix: string) {
    const name = prefix.replace(/^\/+|\/+$/g, '');
    if (!/^[\x21-\x7e]{1,200}$/.test(name)) {
      throw new StarlingError(
        'configuration-invalid',
        `The prefix ${JSON.stringify(prefix)} of the keys in etcd is not usable. Give 1 to 200 visible ASCII characters.`,
      );
    }
    this.prefix = `${name}/`;
    this.store = Buffer.from(`${this.prefix}store`);
    this.#entries = Buffer.from(`${this.prefix}k/`);
  }

  /** Where the entry of a key is. Throws as `encodeKey` does. */
  entry(key: string): Buffer {
    return Buffer.concat([this.#entries, encodeKey(key)]);
  }

  /** The key that an entry is of. */
  keyOf(bytes: Buffer): string {
    return decodeKey(bytes.subarray(this.#entries.length));
  }

  /** Where the entries of the keys with a prefix are. Throws as `prefixRange` does. */
  entries(prefix: string, after?: string): KeyRange {
    const { start, end } = prefixRange(prefix, after);
    return { start: Buffer.concat([this.#entries, start]), end: Buffer.concat([this.#entries, end]) };
  }

  /** Where the last write through a slot of a session is marked. */
  marker(session: string, slot: number): Buffer {
    return Buffer.from(`${this.prefix}m/${session}/${slot}`);
  }
}
