import type { Clock } from '../clock/index.js';
import type { PublicKey, SigningKey } from './identity.js';
import { previousKeys } from './key-change.js';
import { readKeyChanges, rotateSigningKey } from './rotate-signing-key.js';
import { openSigningKey } from './signing-key.js';

/**
 * The key in `file`, made where there is none, for a process that may rotate it while it runs. Throws as `openSigningKey`
 * does.
 */
export async function openRotatingKey(file: string): Promise<RotatingKey> {
  const key = await openSigningKey(file);
  return new RotatingKey(file, key, await readKeyChanges(file));
}

/** A key that another can take the place of: whoever holds this signs with the key of now. */
export class RotatingKey implements SigningKey {
  readonly #file: string;
  readonly #listeners = new Set<() => void>();
  #current: SigningKey;
  #changes: readonly string[];

  constructor(file: string, current: SigningKey, changes: readonly string[]) {
    this.#file = file;
    this.#current = current;
    this.#changes = changes;
  }

  get publicKey(): PublicKey {
    return this.#current.publicKey;
  }

  get earlier(): readonly PublicKey[] {
    return previousKeys(this.#changes);
  }

  /** The statements of the changes that led to the key of now, oldest first. */
  get changes(): readonly string[] {
    return this.#changes;
  }

  sign(...given: Parameters<SigningKey['sign']>): Promise<string> {
    return this.#current.sign(...given);
  }

  /** Calls back in the same turn in which a new key takes its place, before anything is signed with it. */
  onRotated(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Signs with the key of `other` from now on: it is what another process put into the file. */
  adopt(other: RotatingKey): void {
    this.#take(other.#current, other.#changes);
  }

  /** Puts a new key in the place of this one; resolves when it is in the file. One call at a time. Throws as `rotateSigningKey`. */
  async rotate(clock: Clock): Promise<{ readonly from: PublicKey; readonly to: PublicKey }> {
    const from = this.publicKey;
    const { key } = await rotateSigningKey(this.#file, clock);
    this.#take(key, await readKeyChanges(this.#file));
    return { from, to: key.publicKey };
  }

  #take(key: SigningKey, changes: readonly string[]): void {
    this.#current = key;
    this.#changes = changes;
    for (const listener of this.#listeners) listener();
  }
}
