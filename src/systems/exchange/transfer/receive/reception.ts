import type { Readable } from 'node:stream';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { contentHash, type PublicKey } from '../../../../kernel/identity/index.js';
import type { OrderClaims } from '../../order/index.js';
import type { TransferClaims } from '../transfer-claims.js';
import { transferRefused } from '../transfer-refused.js';
import type { Spool, SpooledRows } from './spool.js';

/** What a compute provider's order says of the rows that it needs. */
export type RowsOrder = Pick<OrderClaims, 'jti' | 'aud' | 'request' | 'question' | 'chain' | 'peers'>;

/** The rows of one provider, with what it signed for them. */
export interface ReceivedRows extends SpooledRows {
  readonly claims: TransferClaims;
  /** The keys that the provider is known by here. */
  readonly keys: readonly PublicKey[];
}

/** What one order expects from whom, and what has come of it. */
export class Reception {
  readonly order: RowsOrder;
  readonly #spool: Spool;
  readonly #end = new AbortController();
  readonly #begun = new Set<string>();
  readonly #received = new Map<string, ReceivedRows>();
  readonly #under = new Set<Promise<unknown>>();

  constructor(order: RowsOrder, spool: Spool) {
    this.order = order;
    this.#spool = spool;
  }

  /** The keys that the order names for a provider. Throws `order-refused` for whoever is not in it. */
  namedKeys(provider: string): readonly PublicKey[] {
    const peer = this.order.peers.find(({ party }) => party === provider);
    if (peer !== undefined && this.order.chain.receivesFrom.includes(provider)) return peer.keys;
    throw transferRefused(`${provider} is not among those that the order names`);
  }

  /**
   * Takes the right to send for a provider, once. Nothing is awaited between the look and the taking. Throws
   * `order-refused` where the token is of another party, question or time, or was used before.
   *
   * @param now milliseconds since 1970
   */
  begin(claims: TransferClaims, now: number): void {
    const { aud, request, question } = this.order;
    if (claims.aud !== aud) throw transferRefused(`they are for ${claims.aud}, and this is ${aud}`);
    if (claims.request !== request) throw transferRefused('they are of another request');
    if (claims.question !== contentHash(question)) throw transferRefused('they are for another question');
    if (now >= claims.exp * 1000) throw transferRefused('their time is over');
    if (this.#begun.has(claims.iss)) throw transferRefused(`${claims.iss} has sent its rows before`);
    this.#begun.add(claims.iss);
  }

  /** Keeps what a provider sends until its end. Throws what the stream ends with, and `storage-full`. */
  async take(rows: Readable, claims: TransferClaims, keys: readonly PublicKey[]): Promise<SpooledRows> {
    const written = this.#spool.write(rows, this.#end.signal);
    this.#under.add(written);
    try {
      const spooled = await written;
      this.#received.set(claims.iss, { ...spooled, claims, keys });
      return spooled;
    } finally {
      this.#under.delete(written);
    }
  }

  /** What a provider sent whole. */
  of(provider: string): ReceivedRows | undefined {
    return this.#received.get(provider);
  }

  /** Ends what is under way, and removes every file. */
  async close(): Promise<void> {
    this.#end.abort(new StarlingError('request-cancelled', 'The order that the rows are for has ended.'));
    await Promise.allSettled(this.#under);
    await Promise.all([...this.#received.values()].map((one) => this.#spool.remove(one)));
    this.#received.clear();
  }
}
