import type { AuditLog } from '../../../kernel/audit/index.js';
import type { Clock } from '../../../kernel/clock/index.js';
import { type Controller, createController } from '../../../kernel/control/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import type { Agent, AgentDirectory, SignedAgreement } from '../agent/index.js';
import { agreementHash } from '../model/index.js';
import type { CatalogueStore, TakenAgreement } from './open.js';

export interface AgreementCopiesOptions {
  readonly catalogue: Pick<CatalogueStore, 'takeAgreement' | 'unfit' | 'onChange'>;
  readonly directory: Pick<AgentDirectory, 'onChange'> & {
    all(): readonly Pick<Agent, 'party' | 'status'>[];
  };
  /** What the agent of the party signed, and nothing told beside it. Throws where it did not sign it. */
  readonly verify: (agreement: SignedAgreement) => Promise<SignedAgreement>;
  /** The gateway's own log: tells of each copy that is taken. */
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/**
 * Keeps the gateway's copies of agreements to what the agents have in force: whatever changed at an agent, also while it was
 * away, counts here as soon as the agent tells of it.
 */
export class AgreementCopies {
  readonly #options: AgreementCopiesOptions;
  readonly #parties: Controller;
  /** What was taken last, by party. */
  readonly #taken = new Map<string, string>();
  #stopListening: readonly (() => void)[] = [];

  constructor(options: AgreementCopiesOptions) {
    this.#options = options;
    const { clock, logger } = options;
    this.#parties = createController({
      name: 'agreement-copies',
      clock,
      logger,
      random: Math.random,
      concurrency: 8,
      reconcile: async (party) => {
        const agreement = this.#inForce(party);
        if (agreement !== undefined) await this.take(agreement);
        return undefined;
      },
    });
  }

  /** Resolves when every agreement that was told of is here. */
  async start(): Promise<void> {
    const { directory, catalogue } = this.#options;
    this.#stopListening = [
      directory.onChange(() => this.#look()),
      catalogue.onChange((changes) => {
        if (changes.some(({ kind }) => kind !== 'agreements')) {
          // what an agreement names may be there now
          for (const { party } of directory.all()) {
            if (catalogue.unfit(party) !== undefined) this.#parties.enqueue(party);
          }
        }
      }),
    ];
    this.#look();
    this.#parties.start();
    await this.#parties.idle();
  }

  /** Takes one at once, as its agent has acknowledged it. Throws what `verify` and the catalogue throw. */
  async take(given: SignedAgreement): Promise<TakenAgreement> {
    const agreement = await this.#options.verify(given);
    const { party, version, signed } = agreement;
    const taken = await this.#options.catalogue.takeAgreement(agreement);
    if (taken.isNew) {
      await this.#options.audit.append('agreement-taken', {
        party,
        version,
        agreement: agreement.agreement === null ? null : agreementHash(agreement.agreement),
        ...(agreement.changedBy === undefined ? {} : { by: agreement.changedBy }),
        ...(taken.unfit === undefined ? {} : { unfit: taken.unfit }),
      });
    }
    this.#taken.set(party, signed);
    if (taken.unfit !== undefined) {
      this.#options.logger.warn(
        { party, version, why: taken.unfit },
        'an agreement does not fit the configuration, and counts as none',
      );
    }
    return taken;
  }

  async close(): Promise<void> {
    for (const stop of this.#stopListening) stop();
    await this.#parties.stop();
  }

  #inForce(party: string): SignedAgreement | undefined {
    const agent = this.#options.directory.all().find((one) => one.party === party);
    return agent?.status().agreement;
  }

  #look(): void {
    for (const agent of this.#options.directory.all()) {
      const { party } = agent;
      const signed = agent.status().agreement?.signed;
      if (signed !== undefined && signed !== this.#taken.get(party)) this.#parties.enqueue(party);
    }
  }
}
