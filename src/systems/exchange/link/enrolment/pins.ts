import { z } from 'zod';
import { Follower } from '../../../../kernel/control/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { everyKey, type PinnedKeys, pinnedKeysSchema } from '../../../../kernel/identity/index.js';
import type { Entry, Json, Operation, State } from '../../../../kernel/state/index.js';
import type { Logger } from '../../../../kernel/telemetry/index.js';

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

/** What has become of the keys of a party: pinned anew, changed by the party itself, or forgotten. */
export type PinChange = 'enrolled' | 'renewed' | 'revoked';

export interface PinsOptions {
  readonly state: State;
  /** Called after each change, by whichever gateway it was made. */
  readonly onChange: (party: string, what: PinChange) => void;
  readonly logger: Pick<Logger, 'error'>;
}

/** A pin with the revision of the store that has it. */
interface StoredPin {
  readonly pin: Pin;
  readonly revision: number;
}

/** Pins by party, kept in the state store and followed in memory. */
export class Pins {
  readonly #options: PinsOptions;
  #pins = new Map<string, StoredPin>();
  #follower: Follower | undefined;

  constructor(options: PinsOptions) {
    this.#options = options;
  }

  /** Reads what is stored, and follows it. Throws `storage-failed` where it is no pin. */
  async start(): Promise<void> {
    const { state, logger } = this.#options;
    this.#follower = await Follower.start({
      state,
      prefix,
      load: async (entries) => {
        const pins = new Map<string, StoredPin>();
        for await (const entry of entries) pins.set(partyIn(entry.key), readPin(entry));
        this.#become(pins);
      },
      apply: ({ changes }) => {
        const pins = new Map(this.#pins);
        for (const change of changes) {
          if (change.type === 'put') pins.set(partyIn(change.entry.key), readPin(change.entry));
          else pins.delete(partyIn(change.key));
        }
        this.#become(pins);
      },
      onFailure: (error) => logger.error({ err: error }, 'the keys of parties are not followed any more'),
    });
  }

  get(party: string): Pin | undefined {
    return this.#pins.get(party)?.pin;
  }

  all(): readonly (readonly [party: string, pin: Pin])[] {
    return [...this.#pins].map(([party, { pin }]) => [party, pin]);
  }

  /** The pin as it is stored now, which `get` has from then on, too. */
  async read(party: string): Promise<StoredPin | undefined> {
    const entry = await this.#options.state.get(prefix + party);
    if (entry === undefined) return undefined;
    await this.#follower?.reached(entry.modRevision);
    return readPin(entry);
  }

  /**
   * Pins keys, or none, in the place of what was read, together with `also`, in one transaction that happens only where nobody
   * else changed the pin or `only` meanwhile; resolves when `get` has it. Throws `revision-conflict`.
   */
  async change(
    party: string,
    before: StoredPin | undefined,
    pin: Pin | undefined,
    also: readonly Operation[] = [],
    only: readonly { readonly key: string; readonly modRevision: number }[] = [],
  ): Promise<void> {
    const key = prefix + party;
    const compare = [{ key, modRevision: before?.revision ?? 0 }, ...only];
    const write: Operation =
      pin === undefined ? { delete: key } : { put: key, value: pin as unknown as Json };
    const { succeeded, revision } = await this.#options.state.transaction({
      compare,
      success: [write, ...also],
    });
    if (!succeeded) {
      throw new StarlingError('revision-conflict', `The keys of ${party} were changed meanwhile. Try again.`);
    }
    if (pin !== undefined || before !== undefined) await this.#follower?.reached(revision);
  }

  /** Stops following; the state stays open. */
  async close(): Promise<void> {
    await this.#follower?.close();
  }

  #become(pins: Map<string, StoredPin>): void {
    const earlier = this.#pins;
    this.#pins = pins;
    // nobody has heard of any party before
    if (this.#follower === undefined) return;
    for (const party of new Set([...earlier.keys(), ...pins.keys()])) {
      const what = pinChange(earlier.get(party)?.pin, pins.get(party)?.pin);
      if (what !== undefined) this.#options.onChange(party, what);
    }
  }
}

function pinChange(before: Pin | undefined, after: Pin | undefined): PinChange | undefined {
  if (after === undefined) return before === undefined ? undefined : 'revoked';
  if (before === undefined) return 'enrolled';
  const { kid } = before.keys.current;
  if (after.keys.current.kid === kid) return before.since === after.since ? undefined : 'enrolled';
  // a party that changed its key by itself is known by the earlier one, too
  return everyKey(after.keys).some((key) => key.kid === kid) ? 'renewed' : 'enrolled';
}

const partyIn = (key: string): string => key.slice(prefix.length);

function readPin({ key, value, modRevision }: Entry): StoredPin {
  const pin = storedPin.safeParse(value);
  if (pin.success) return { pin: pin.data, revision: modRevision };
  const message = `The pinned keys under ${key} cannot be read. Restore a backup.`;
  throw new StarlingError('storage-failed', message, { cause: pin.error });
}

/** The keys of every enrolled party, as a gateway's state store has them. Throws `storage-failed`. */
export async function readPinnedKeys(state: Pick<State, 'list'>): Promise<ReadonlyMap<string, PinnedKeys>> {
  const { entries } = await state.list(prefix, { limit: 10_000 });
  return new Map(entries.map((entry) => [partyIn(entry.key), readPin(entry).pin.keys]));
}
