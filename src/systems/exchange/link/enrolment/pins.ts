import { z } from 'zod';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { type PinnedKeys, pinnedKeysSchema } from '../../../../kernel/identity/index.js';
import type { Json, Operation, State } from '../../../../kernel/state/index.js';

const prefix = 'link/pins/';

const storedPin = z.strictObject({
  keys: pinnedKeysSchema,
  since: z.iso.datetime(),
  by: z.string(),
});

/** The keys that a party is known by at a gateway. */
export interface Pin {
  readonly keys: PinnedKeys;
  /** When it enrolled; ISO 8601, UTC. */
  readonly since: string;
  /** Who invited it. */
  readonly by: string;
}

/** Pins by party: in memory for who asks, in the state store for the next start. */
export class Pins {
  readonly #state: State;
  readonly #pins = new Map<string, { readonly pin: Pin; readonly revision: number }>();

  constructor(state: State) {
    this.#state = state;
  }

  /** Reads what is stored. Throws `storage-failed` where it is no pin. */
  async load(): Promise<void> {
    const { entries } = await this.#state.list(prefix, { limit: 10_000 });
    for (const { key, value, modRevision } of entries) {
      const pin = storedPin.safeParse(value);
      if (!pin.success) {
        throw new StarlingError(
          'storage-failed',
          `The pinned keys under ${key} cannot be read. Restore a backup.`,
          { cause: pin.error },
        );
      }
      this.#pins.set(key.slice(prefix.length), { pin: pin.data, revision: modRevision });
    }
  }

  get(party: string): Pin | undefined {
    return this.#pins.get(party)?.pin;
  }

  all(): readonly (readonly [party: string, pin: Pin])[] {
    return [...this.#pins].map(([party, { pin }]) => [party, pin]);
  }

  /**
   * Pins keys, or none, together with `also`, in one transaction that happens only where nobody else changed the pin or
   * `only` meanwhile. Throws `revision-conflict`.
   */
  async change(
    party: string,
    pin: Pin | undefined,
    also: readonly Operation[] = [],
    only: readonly { readonly key: string; readonly modRevision: number }[] = [],
  ): Promise<void> {
    const key = prefix + party;
    const compare = [{ key, modRevision: this.#pins.get(party)?.revision ?? 0 }, ...only];
    const write: Operation =
      pin === undefined ? { delete: key } : { put: key, value: pin as unknown as Json };
    const { succeeded, revision } = await this.#state.transaction({ compare, success: [write, ...also] });
    if (!succeeded) {
      throw new StarlingError('revision-conflict', `The keys of ${party} were changed meanwhile. Try again.`);
    }
    if (pin === undefined) this.#pins.delete(party);
    else this.#pins.set(party, { pin, revision });
  }
}

/** The keys of every enrolled party, as a gateway's state store has them. Throws `storage-failed`. */
export async function readPinnedKeys(state: Pick<State, 'list'>): Promise<ReadonlyMap<string, PinnedKeys>> {
  const { entries } = await state.list(prefix, { limit: 10_000 });
  return new Map(
    entries.map(({ key, value }) => {
      const pin = storedPin.safeParse(value);
      if (!pin.success) throw new StarlingError('storage-failed', `What is stored under ${key} is damaged.`);
      return [key.slice(prefix.length), pin.data.keys];
    }),
  );
}
