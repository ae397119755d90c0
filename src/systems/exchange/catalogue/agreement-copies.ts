import type { AuditLog } from '../../../kernel/audit/index.js';
import type { Clock } from '../../../kernel/clock/index.js';
import { type Controller, createController } from '../../../kernel/control/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import type { Agent, AgentDirectory, SignedAgreement } from '../agent/index.js';
import { unknownNames } from '../configuration/index.js';
import { agreementHash } from '../model/index.js';
import type { CatalogueStore, TakenAgreement } from './open.js';

export interface AgreementCopiesOptions {
  readonly catalogue: Pick<CatalogueStore, 'takeAgreement' | 'current'>;
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
  #stopListening: () => void = () => {};

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
    this.#stopListening = this.#options.directory.onChange(() => this.#look());
    this.#look();
    this.#parties.start();
    await this.#parties.idle();
  }

  /** Takes one at once, as its agent has acknowledged it. Throws what `verify` and the catalogue throw. */
  async take(given: SignedAgreement): Promise<TakenAgreement> {
    const agreement = await this.#options.verify(given);
    const { party, signed } = agreement;
    const taken = await this.#options.catalogue.takeAgreement(agreement);
    if (taken.isNew) await this.#enter(agreement);
    this.#taken.set(party, signed);
    return taken;
  }

  async close(): Promise<void> {
    this.#stopListening();
    await this.#parties.stop();
  }

  async #enter({ party, version, agreement, changedBy }: SignedAgreement): Promise<void> {
    const { audit, catalogue, logger } = this.#options;
    const unknown = unknownNames(catalogue.current(), party);
    if (unknown.length > 0) {
      logger.warn(
        { party, version, unknown },
        'an agreement names what is not configured, which allows nothing',
      );
    }
    await audit.append('agreement-taken', {
      party,
      version,
      agreement: agreement === null ? null : agreementHash(agreement),
      ...(changedBy === undefined ? {} : { by: changedBy }),
      ...(unknown.length === 0 ? {} : { unknown }),
    });
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
