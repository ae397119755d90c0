import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { AuditLog } from '../../../../kernel/audit/index.js';
import type { Clock } from '../../../../kernel/clock/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import {
  acceptKeyChanges,
  everyKey,
  type PinnedKeys,
  type PublicKey,
  pinKey,
  type SigningKey,
} from '../../../../kernel/identity/index.js';
import type { Entry, State } from '../../../../kernel/state/index.js';
import type { Logger } from '../../../../kernel/telemetry/index.js';
import { formatEnrolmentToken, secretHash } from './enrolment-token.js';
import { Pins, type PinsOptions } from './pins.js';
import { type Redemption, signWelcome, verifyRedemption } from './redemption.js';

const prefix = 'link/invitations/';

const invitation = z.strictObject({
  secret: z.string(),
  expiresAt: z.iso.datetime(),
  by: z.string(),
  usedAt: z.iso.datetime().exactOptional(),
});

export interface EnrolmentsOptions {
  readonly state: State;
  readonly key: () => SigningKey;
  readonly clock: Clock;
  readonly audit: AuditLog;
  /** Called when a party's keys were pinned, changed or revoked, by whichever gateway of the consortium. */
  readonly onChange: PinsOptions['onChange'];
  readonly logger: Pick<Logger, 'error'>;
}

/** A party that is enrolled, or invited. */
export interface Enrolment {
  readonly party: string;
  /** Thumbprint of its key, where it is enrolled. */
  readonly key?: string;
  readonly since?: string;
  /** Until when its open invitation counts. */
  readonly invitedUntil?: string;
}

/** Who may connect to a gateway: invitations that are redeemed once, and the keys that are pinned by them. */
export class Enrolments {
  readonly #options: EnrolmentsOptions;
  readonly #pins: Pins;

  private constructor(options: EnrolmentsOptions) {
    this.#options = options;
    this.#pins = new Pins(options);
  }

  /** Throws `storage-failed` where what is stored cannot be read. */
  static async open(options: EnrolmentsOptions): Promise<Enrolments> {
    const enrolments = new Enrolments(options);
    await enrolments.#pins.start();
    return enrolments;
  }

  /** The keys of a party; none where it is not enrolled. */
  pinned(party: string): PinnedKeys | undefined {
    return this.#pins.get(party)?.keys;
  }

  /** Every key that a party's signatures may be of, however old they are; none where it is not enrolled. */
  everyKeyOf(party: string): readonly PublicKey[] {
    const pinned = this.pinned(party);
    return pinned === undefined ? [] : everyKey(pinned);
  }

  /** The parties that are enrolled. */
  parties(): readonly string[] {
    return this.#pins.all().map(([party]) => party);
  }

  /** Parties that are enrolled or invited, by name. */
  async list(): Promise<readonly Enrolment[]> {
    const found = new Map<string, Enrolment>();
    for (const [party, { keys, since }] of this.#pins.all()) {
      found.set(party, { party, key: keys.current.kid, since });
    }
    for (const { key, value } of await this.#invitations()) {
      const party = key.slice(prefix.length);
      const { usedAt, expiresAt } = invitation.parse(value);
      if (usedAt === undefined && !this.#isOver(expiresAt)) {
        found.set(party, { ...found.get(party), party, invitedUntil: expiresAt });
      }
    }
    return [...found.values()].sort((one, other) => (one.party < other.party ? -1 : 1));
  }

  /**
   * A one-time token that lets somebody enrol as `party`; an open invitation of it is void from now on.
   *
   * @param url the gateway's address, as the agent is to dial it
   */
  async invite(
    party: string,
    { url, ttlMs, by }: { readonly url: string; readonly ttlMs: number; readonly by: string },
  ): Promise<{ readonly token: string; readonly expiresAt: string }> {
    const { state, key, audit } = this.#options;
    const secret = randomBytes(32).toString('base64url');
    const expiresAt = this.#time(ttlMs);
    await audit.append('party-invited', { party, by, expiresAt });
    await state.put(prefix + party, { secret: secretHash(secret), expiresAt, by });
    const gatewayKey = key().publicKey.kid;
    return { token: formatEnrolmentToken({ url, gatewayKey, party, secret, expiresAt }), expiresAt };
  }

  /**
   * Pins the key of a party that shows an open invitation of its own, once. Returns what the agent verifies (`enrol`).
   * Throws `enrolment-refused` with `details.reason`: `unknown`, `other-party`, `used` or `expired`; `input-invalid` where the
   * body is none, and `signature-invalid` where the party does not hold the key.
   */
  async redeem(body: unknown): Promise<{ readonly enrolled: string }> {
    const { key, audit } = this.#options;
    const redemption = await verifyRedemption(body, key().publicKey.kid);
    const { party, publicKey } = redemption;
    const { entry, by } = await this.#open(redemption);
    const before = await this.#pins.read(party);
    const since = this.#time();
    await audit.append('party-enrolled', {
      party,
      key: publicKey.kid,
      by,
      ...(before === undefined ? {} : { replaces: before.pin.keys.current.kid }),
    });
    const used = { ...invitation.parse(entry.value), usedAt: since };
    await this.#pins
      .change(
        party,
        before,
        { keys: pinKey(publicKey), since, by },
        [{ put: entry.key, value: used }],
        [{ key: entry.key, modRevision: entry.modRevision }],
      )
      .catch((thrown: unknown) => {
        const raced = thrown instanceof StarlingError && thrown.code === 'revision-conflict';
        throw raced ? refused('used', `The invitation of ${party} was used a moment ago`) : thrown;
      });
    return { enrolled: await signWelcome(redemption, key()) };
  }

  /** Forgets the keys and the invitation of a party, and ends its stream. Throws `not-found` where it has neither. */
  async revoke(party: string, by: string): Promise<void> {
    const { state, audit } = this.#options;
    const pin = await this.#pins.read(party);
    const open = await state.get(prefix + party);
    if (pin === undefined && open === undefined) {
      throw new StarlingError('not-found', `${party} is neither enrolled nor invited at this gateway.`);
    }
    await audit.append('party-revoked', { party, by, key: pin?.pin.keys.current.kid ?? null });
    await this.#pins.change(party, pin, undefined, [{ delete: prefix + party }]);
  }

  /**
   * The keys of a party after the changes that it shows; a newer one is pinned only by `keep`. Throws `signature-invalid`.
   */
  async renewed(party: string, statements: readonly string[]) {
    const before = await this.#pins.read(party);
    if (before === undefined) return undefined;
    const { pin } = before;
    const keys = await acceptKeyChanges(pin.keys, statements, this.#options.clock.wallTime());
    const changed = keys.current.kid !== pin.keys.current.kid;
    const keep = async () => {
      if (!changed) return;
      const replaces = pin.keys.current.kid;
      await this.#options.audit.append('party-key-changed', { party, key: keys.current.kid, replaces });
      await this.#pins.change(party, before, { ...pin, keys });
    };
    return { key: keys.current, keep };
  }

  /** Stops following what other gateways pin; the state stays open. */
  close(): Promise<void> {
    return this.#pins.close();
  }

  async #open({ party, secret }: Redemption): Promise<{ readonly entry: Entry; readonly by: string }> {
    const hash = secretHash(secret);
    const all = await this.#invitations();
    const found = all.find(({ value }) => invitation.parse(value).secret === hash);
    if (found === undefined) {
      throw refused('unknown', 'The invitation is not known here, or a later one took its place');
    }
    const { usedAt, expiresAt, by } = invitation.parse(found.value);
    if (found.key !== prefix + party) throw refused('other-party', `The invitation is not for ${party}`);
    if (usedAt !== undefined) throw refused('used', `The invitation of ${party} was used at ${usedAt}`);
    if (this.#isOver(expiresAt)) throw refused('expired', `The invitation of ${party} ended at ${expiresAt}`);
    return { entry: found, by };
  }

  async #invitations(): Promise<readonly Entry[]> {
    return (await this.#options.state.list(prefix, { limit: 10_000 })).entries;
  }

  #isOver(expiresAt: string): boolean {
    return this.#options.clock.wallTime() >= Date.parse(expiresAt);
  }

  #time(afterMs = 0): string {
    return new Date(this.#options.clock.wallTime() + afterMs).toISOString();
  }
}

function refused(reason: 'unknown' | 'other-party' | 'used' | 'expired', what: string): StarlingError {
  return new StarlingError('enrolment-refused', `${what}. Ask the operator for a new invitation.`, {
    details: { reason },
  });
}
