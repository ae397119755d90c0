import type { TrustedIssuer } from '../../kernel/identity/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import { createTurns } from '../../kernel/turns/index.js';
import { type EnrolmentRecord, readEnrolment, writeEnrolment } from './enrolment-file.js';

/** An agent's enrolment while the agent serves: what is pinned in it follows changes of keys, one after the other. */
export class KeptEnrolment {
  readonly #folder: string;
  readonly #logger: Pick<Logger, 'info'>;
  #current: EnrolmentRecord;
  readonly #inTurn = createTurns(1);

  private constructor(folder: string, current: EnrolmentRecord, logger: Pick<Logger, 'info'>) {
    this.#folder = folder;
    this.#current = current;
    this.#logger = logger;
  }

  /** Throws as `readEnrolment` does. */
  static async open(folder: string, logger: Pick<Logger, 'info'>): Promise<KeptEnrolment> {
    return new KeptEnrolment(folder, await readEnrolment(folder), logger);
  }

  get current(): EnrolmentRecord {
    return this.#current;
  }

  /** Whose tokens were shown at enrolment; another key of theirs counts where the pinned one says so. */
  issuers(): readonly TrustedIssuer[] {
    return this.#current.issuers.map(({ issuer, audience, keys: first }) => ({
      issuer,
      audience,
      keys: {
        pinned: () => this.#current.issuers.find((one) => one.issuer === issuer)?.keys ?? first,
        keep: async (keys) => {
          await this.change(({ issuers }) => ({
            issuers: issuers.map((one) => (one.issuer === issuer ? { ...one, keys } : one)),
          }));
          this.#logger.info({ issuer, key: keys.current.kid }, 'the issuer of tokens has another key');
        },
      },
    }));
  }

  /** Keeps what `changed` gives, whole or not at all. Throws `storage-failed`. */
  change(changed: (current: EnrolmentRecord) => Partial<EnrolmentRecord>): Promise<void> {
    // whoever made the change before hears of its failure, which does not keep this one from being made
    return this.#inTurn(async () => {
      const next = { ...this.#current, ...changed(this.#current) };
      await writeEnrolment(this.#folder, next);
      this.#current = next;
    });
  }
}
