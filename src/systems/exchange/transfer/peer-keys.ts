import type { AuditLog } from '../../../kernel/audit/index.js';
import type { Clock } from '../../../kernel/clock/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import {
  acceptKeyChanges,
  everyKey,
  keysInForce,
  type PinnedKeys,
  type PublicKey,
  pinKey,
  pinnedKeysSchema,
} from '../../../kernel/identity/index.js';
import type { State } from '../../../kernel/state/index.js';

const prefix = '/peers/';

export interface PeerKeysOptions {
  readonly state: State;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Pick<Clock, 'wallTime'>;
  /** The thumbprint that the party's own configuration names for a peer. */
  readonly configured: (peer: string) => string | undefined;
}

/** What somebody at the other end shows, and what the gateway's order says of the party that it should be. */
export interface ShownKey {
  readonly peer: string;
  /** Thumbprint of the key that it signed with. */
  readonly signer: string | undefined;
  /** The statements of changes that led to it, oldest first. */
  readonly changes: readonly string[];
  /** The keys that the order names. */
  readonly named: readonly PublicKey[];
}

/**
 * The keys that other parties are known by here. The first key of a peer is the one that the configuration names, or else the
 * one that the gateway named first; from then on only that key itself can name the next.
 */
export class PeerKeys {
  readonly #options: PeerKeysOptions;

  constructor(options: PeerKeysOptions) {
    this.#options = options;
  }

  /**
   * The keys that what the peer signs now may have. Throws `signature-invalid` where what is shown, or what the order
   * names, is not the peer as it is known here.
   */
  async accept(shown: ShownKey): Promise<readonly PublicKey[]> {
    const { peer, signer, changes, named } = shown;
    const { clock, state } = this.#options;
    const entry = await state.get(prefix + peer);
    const known = entry === undefined ? undefined : pinnedKeysSchema.parse(entry.value);
    const pinned = known ?? this.#first(peer, signer, changes, named);
    const now = clock.wallTime();
    const changed = await acceptKeyChanges(pinned, changes, now);
    const inForce = keysInForce(changed, now);
    if (!inForce.some(({ kid }) => kid === signer))
      throw unknownKey(peer, 'shows a key that is not known here');
    const kids = new Set(everyKey(changed).map(({ kid }) => kid));
    if (!named.some(({ kid }) => kids.has(kid)))
      throw unknownKey(peer, 'is named by the gateway with a key that is not known here');
    if (known !== undefined && changed.current.kid === known.current.kid) return inForce;
    const kept = await this.#keep(peer, known, changed, entry?.modRevision ?? 0);
    // somebody else showed itself as this peer at the same time: it is held against that now
    return kept ? inForce : this.accept(shown);
  }

  /** What is pinned first: what the configuration names, wherever in the changes; else what shows itself, if the order names it. */
  #first(
    peer: string,
    signer: string | undefined,
    changes: readonly string[],
    named: readonly PublicKey[],
  ): PinnedKeys {
    const configured = this.#options.configured(peer);
    const first = named.find(({ kid }) => kid === (configured ?? signer));
    if (first !== undefined) return pinKey(first);
    const why =
      configured === undefined
        ? 'shows a key that its order does not name'
        : 'is named by the gateway with another key than the configuration names';
    throw unknownKey(peer, changes.length === 0 ? why : `${why}, also before it was changed`);
  }

  async #keep(
    peer: string,
    before: PinnedKeys | undefined,
    keys: PinnedKeys,
    modRevision: number,
  ): Promise<boolean> {
    const { audit, state } = this.#options;
    const key = prefix + peer;
    const { succeeded } = await state.transaction({
      compare: [{ key, modRevision }],
      success: [{ put: key, value: JSON.parse(JSON.stringify(keys)) }],
    });
    if (!succeeded) return false;
    await audit.append('peer-key', {
      peer,
      key: keys.current.kid,
      ...(before === undefined ? {} : { before: before.current.kid }),
    });
    return true;
  }
}

function unknownKey(peer: string, why: string): StarlingError {
  return new StarlingError(
    'signature-invalid',
    `${peer} ${why}. Nothing is sent to it or taken from it; compare its key with that party over another way.`,
    { details: { party: peer, reason: 'unknown-key' } },
  );
}
