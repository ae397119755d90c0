import { linkLimits } from '../wire/limits.js';

/** Bounds how many strangers are being greeted at the same time, in all and from one address. */
export class Turnstile {
  readonly #addresses = new Map<string, number>();
  #inside = 0;

  /** How to leave again, which counts once; `undefined` where there is no room. */
  enter(address: string): (() => void) | undefined {
    const same = this.#addresses.get(address) ?? 0;
    if (this.#inside >= linkLimits.greetings || same >= linkLimits.greetingsOfAddress) return undefined;
    this.#inside += 1;
    this.#addresses.set(address, same + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#inside -= 1;
      const others = (this.#addresses.get(address) ?? 1) - 1;
      if (others === 0) this.#addresses.delete(address);
      else this.#addresses.set(address, others);
    };
  }
}
