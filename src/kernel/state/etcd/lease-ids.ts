import { createHash, randomBytes } from 'node:crypto';

/** What a lease is for: one of the port's, or one that holds the marks of a process's writes. */
export type LeaseUse = 'port' | 'session';

/**
 * The ids of a store's leases. etcd has one number space for the leases of all and keeps nothing with them, so that
 * the number itself says whose a lease is: 31 bits of the store's identity, one of the use, 31 random ones.
 */
export class LeaseIds {
  readonly #store: number;

  constructor(identity: string) {
    this.#store = createHash('sha256').update(identity).digest().readUInt32BE() >>> 1;
  }

  /** A new id: 16 hexadecimal digits. */
  make(use: LeaseUse): string {
    const random = randomBytes(4).readUInt32BE() >>> 1;
    const low = (use === 'port' ? 0x8000_0000 : 0) + random;
    return hexadecimal(this.#store) + hexadecimal(low);
  }

  /** True where the id is of this store and use. */
  isOf(id: string, use: LeaseUse): boolean {
    if (!/^[0-9a-f]{16}$/.test(id) || !id.startsWith(hexadecimal(this.#store))) return false;
    return Number.parseInt(id.slice(8), 16) >= 0x8000_0000 === (use === 'port');
  }
}

/** The number that etcd knows a lease by, in decimal digits. */
export function leaseNumber(id: string): string {
  return BigInt(`0x${id}`).toString();
}

/** The id of a lease that etcd names by number; `undefined` for 0, which is no lease. */
export function leaseId(number: string): string | undefined {
  return number === '0' ? undefined : BigInt(number).toString(16).padStart(16, '0');
}

function hexadecimal(number: number): string {
  return number.toString(16).padStart(8, '0');
}
