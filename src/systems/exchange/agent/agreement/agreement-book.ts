import type { AuditLog } from '../../../../kernel/audit/index.js';
import type { Clock } from '../../../../kernel/clock/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import type { SigningKey } from '../../../../kernel/identity/index.js';
import type { State } from '../../../../kernel/state/index.js';
import { createTurns } from '../../../../kernel/turns/index.js';
import {
  type Agreement,
  agreementHash,
  agreement as agreementSchema,
  assertValid,
  type Catalogue,
} from '../../model/index.js';
import type { SignedAgreement } from '../agent.js';
import { type AgreementEntry, enterAgreement, isEntered } from './agreement-entries.js';
import { assertFits } from './fitting.js';
import { signAgreement, storedAgreement } from './signed-agreement.js';

/** The version in force. */
const currentKey = '/agreement/current';
/** There while a change is stored and not yet in the audit log: its version, or when one that is taken over was changed. */
const unauditedKey = '/agreement/unaudited';
const versionKey = (version: number) => `/agreement/versions/${String(version).padStart(10, '0')}`;

export interface AgreementBookOptions {
  readonly party: string;
  /** The agent's own; its owner closes it after the book. */
  readonly state: State;
  readonly key: SigningKey;
  readonly audit: AuditLog;
  /** What the party declares itself: an agreement has to fit it. */
  readonly declarations: () => Catalogue;
  readonly clock: Pick<Clock, 'wallTime'>;
}

/** An agreement in force that is perhaps not in the audit log yet; one that was tried may be there all the same. */
interface Unentered extends AgreementEntry {
  readonly isTried: boolean;
}

/** A change of the agreement by a person whose right to it was verified. */
export interface BookChange {
  readonly agreement: Agreement | null;
  readonly ifVersion?: number | undefined;
  /** The person's id. */
  readonly changedBy: string;
}

/** An agreement, or that it was removed, as the gateway kept it before agents had agreements of their own. */
export interface EarlierAgreement {
  readonly agreement: Agreement | null;
  /** ISO 8601, UTC. */
  readonly changedAt: string;
  /** The person's id, where it was known. */
  readonly changedBy?: string;
}

/** What reading the agreement of a configuration file did; `kept` says why the one in force stays. */
export type FileReading =
  | { readonly change: 'none' | 'added' | 'changed' | 'removed' }
  | { readonly change: 'kept'; readonly why: string };

/**
 * A party's own agreement, every version of it signed. A change counts when it is stored and in the audit log; one that a
 * crash kept out of the log is entered when the book is opened again, so that nothing is in force unseen.
 */
export class AgreementBook {
  readonly #options: AgreementBookOptions;
  readonly #listeners = new Set<(inForce: SignedAgreement) => void>();
  #current: SignedAgreement | undefined;
  #unentered: Unentered | undefined;
  /** Changes are made one after the other, each by what the one before left. */
  readonly #inTurn = createTurns(1);

  private constructor(options: AgreementBookOptions, current: SignedAgreement | undefined) {
    this.#options = options;
    this.#current = current;
  }

  /** Throws `storage-failed` where the stored agreement cannot be read. */
  static async open(options: AgreementBookOptions): Promise<AgreementBook> {
    const { state, party } = options;
    const version = (await state.get(currentKey))?.value;
    if (version === undefined) return new AgreementBook(options, undefined);
    const signed = (await state.get(versionKey(Number(version))))?.value;
    const current = storedAgreement(String(signed), party);
    const book = new AgreementBook(options, current);
    const unaudited = (await state.get(unauditedKey))?.value;
    if (unaudited !== undefined)
      book.#unentered = { agreement: current, isTried: true, ...takenOver(unaudited) };
    await book.#enter();
    return book;
  }

  current(): SignedAgreement | undefined {
    return this.#current;
  }

  /** Every version there was, newest first. */
  async history(): Promise<readonly SignedAgreement[]> {
    const versions: SignedAgreement[] = [];
    for (let version = this.#current?.version ?? 0; version > 0; version -= 1) {
      const stored = await this.#options.state.get(versionKey(version));
      versions.push(storedAgreement(String(stored?.value), this.#options.party));
    }
    return versions;
  }

  /** The agreement that `given` is, where it could be put in force. Throws `input-invalid` and `configuration-invalid`. */
  check(given: unknown): Agreement {
    const { party, declarations } = this.#options;
    const checked = assertValid(agreementSchema, given, `the agreement of ${party}`);
    assertFits(checked, party, declarations());
    return checked;
  }

  /**
   * Resolves when the change counts. Throws `input-invalid`, `configuration-invalid` where it does not fit what the party
   * declares, `revision-conflict`, and what the state and the audit log throw.
   */
  change({ agreement, ifVersion, changedBy }: BookChange): Promise<SignedAgreement> {
    return this.#inTurn(async () => {
      const version = this.#current?.version ?? 0;
      if (ifVersion !== undefined && ifVersion !== version) throw this.#conflict(ifVersion, version);
      if (agreement === null && (this.#current?.agreement ?? null) === null) {
        const message = `${this.#options.party} has no agreement that could be removed.`;
        throw new StarlingError('not-found', message);
      }
      return this.#store(agreement, changedBy);
    });
  }

  /**
   * Takes over what a person changed or removed at the gateway in an earlier version, as it stands; what it names that is not
   * declared any more allows nothing. Gives false, and changes nothing, where the book has any agreement already.
   */
  takeOver({ agreement, changedAt, changedBy = 'anybody' }: EarlierAgreement): Promise<boolean> {
    return this.#inTurn(async () => {
      if (this.#current !== undefined) return false;
      await this.#put(agreement, changedBy, changedAt);
      return true;
    });
  }

  /**
   * Brings in the agreement of a configuration file, or that there is none. One that a person changed or removed is kept.
   * Throws as `change` does.
   */
  applyFile(given: Agreement | undefined): Promise<FileReading> {
    return this.#inTurn(async () => {
      const current = this.#current;
      const before = current?.agreement ?? undefined;
      if (same(before, given)) return { change: 'none' };
      if (current?.changedBy !== undefined) return { change: 'kept', why: keptWhy(current) };
      await this.#store(given ?? null);
      if (given === undefined) return { change: 'removed' };
      return { change: before === undefined ? 'added' : 'changed' };
    });
  }

  /** Calls back with every agreement that comes in force; returns what ends that. */
  onChange(listener: (inForce: SignedAgreement) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #store(given: Agreement | null, changedBy?: string): Promise<SignedAgreement> {
    return this.#put(given === null ? null : this.check(given), changedBy);
  }

  async #put(agreement: Agreement | null, changedBy?: string, changedAt?: string): Promise<SignedAgreement> {
    const { party, state, key, clock } = this.#options;
    await this.#enter();
    const signedAt = new Date(clock.wallTime()).toISOString();
    const version = (this.#current?.version ?? 0) + 1;
    const by = changedBy === undefined ? {} : { changedBy };
    const next = await signAgreement({ party, version, agreement, signedAt, ...by }, key);
    await state.transaction({
      compare: [],
      success: [
        { put: versionKey(version), value: next.signed },
        { put: currentKey, value: version },
        { put: unauditedKey, value: changedAt ?? version },
      ],
    });
    // in force as soon as it is stored: after a restart it would be, whether or not the log takes the entry now
    this.#current = next;
    this.#unentered = { agreement: next, isTried: false, ...takenOver(changedAt) };
    for (const listener of this.#listeners) listener(next);
    await this.#enter();
    return next;
  }

  async #enter(): Promise<void> {
    const unentered = this.#unentered;
    if (unentered === undefined) return;
    const { version } = unentered.agreement;
    const { audit, state } = this.#options;
    this.#unentered = { ...unentered, isTried: true };
    // a crash may have come after the entry: the log is looked through, which only happens after one
    if (!unentered.isTried || !(await isEntered(version, audit))) await enterAgreement(unentered, audit);
    await state.delete(unauditedKey);
    this.#unentered = undefined;
  }

  #conflict(expected: number, version: number): StarlingError {
    const { party } = this.#options;
    const message = `The agreement of ${party} has version ${version}, not ${expected}: it was changed meanwhile. Read it again and repeat the change.`;
    return new StarlingError('revision-conflict', message, { details: { party, version } });
  }
}

/** When an agreement that is taken over was changed, by what is stored while it is not in the log. */
function takenOver(unaudited: unknown): { readonly changedAt?: string } {
  return typeof unaudited === 'string' ? { changedAt: unaudited } : {};
}

function same(one: Agreement | undefined, other: Agreement | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return agreementHash(one) === agreementHash(other);
}

function keptWhy({ agreement, changedBy, signedAt }: SignedAgreement): string {
  const how = agreement === null ? 'removed' : 'changed';
  return `It was ${how} at its agent by ${changedBy} at ${signedAt}; change it there.`;
}
