/** Ids of orders that were taken, each kept until the order would be refused as too old anyway. */
export class SeenOrders {
  readonly #expiry = new Map<string, number>();

  has(id: string): boolean {
    return this.#expiry.has(id);
  }

  /** @param expiresAt and `now` in milliseconds since 1970 */
  add(id: string, expiresAt: number, now: number): void {
    for (const [known, until] of this.#expiry) {
      // insertion order is nearly the order of expiry: the first that still counts ends the sweep
      if (until > now) break;
      this.#expiry.delete(known);
    }
    this.#expiry.set(id, expiresAt);
  }
}
