import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { PublicKey } from '../../../kernel/identity/index.js';
import { createTurns } from '../../../kernel/turns/index.js';
import type { Agreement } from '../model/index.js';
import type { Agent, AgentDirectory } from './agent.js';
import type { EarlierAgreement } from './agreement/index.js';
import { openPartyAgent, type PartyAgent, type PartyAgentOptions } from './open-party-agent.js';

export interface LocalDirectoryOptions
  extends Omit<PartyAgentOptions, 'party' | 'folder' | 'turns' | 'rows'> {
  /** Each agent gets a folder of its own in here. */
  readonly folder: string;
  /** The agreements of the configuration file, by party: each goes to the agent's own book. */
  readonly agreements: Readonly<Record<string, Agreement>>;
  /** What an earlier version kept of a party's agreement, where a person changed it: goes before the file. */
  readonly earlierAgreement?: (party: string) => EarlierAgreement | undefined;
  /** Called with each agent that was opened, while it begins to import; and with the party of each that is configured no more. */
  readonly onOpened?: (opened: PartyAgent) => Promise<void>;
  readonly onRemoved?: (party: string) => Promise<void>;
}

/** An agreement of the file that was not taken, since a person changed the one in force. */
export interface KeptAgreement {
  readonly party: string;
  readonly why: string;
}

/** Agents of every party that provides data or computing, all in this process. */
export class LocalDirectory implements AgentDirectory {
  readonly #options: LocalDirectoryOptions;
  readonly #agents = new Map<string, PartyAgent>();
  readonly #kept: KeptAgreement[] = [];
  /** Agents that all import at once would each be slow; in turns the first are ready while the last begin. */
  readonly #turns = createTurns(availableParallelism() + 1);
  readonly #listeners = new Set<() => void>();
  #refreshing: Promise<void> = Promise.resolve();

  constructor(options: LocalDirectoryOptions) {
    this.#options = options;
  }

  get(party: string): Agent | undefined {
    return this.#agents.get(party)?.agent;
  }

  /** The key that a party's agent signs with. */
  keysOf(party: string): readonly PublicKey[] {
    const key = this.#agents.get(party)?.key.publicKey;
    return key === undefined ? [] : [key];
  }

  /** Agreements of the file that were not taken, by party: agents are opened beside each other. */
  get kept(): readonly KeptAgreement[] {
    return this.#kept.toSorted((one, other) => (one.party < other.party ? -1 : 1));
  }

  all(): readonly Agent[] {
    return [...this.#agents.values()].map(({ agent }) => agent);
  }

  onChange(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** Opens and closes agents so that there is one per party that needs one, and has each look at its data sets again. */
  refresh(): Promise<void> {
    this.#refreshing = this.#refreshing.then(() => this.#reconcile());
    return this.#refreshing;
  }

  async close(): Promise<void> {
    // a refresh that failed was told to whoever asked for it
    await this.#refreshing.catch(() => undefined);
    await Promise.all([...this.#agents.values()].map((agent) => agent.close()));
    this.#agents.clear();
  }

  async #reconcile(): Promise<void> {
    const wanted = [...this.#options.declarations().parties].flatMap(([party, { value }]) =>
      value.roles.some((role) => role !== 'requester') ? [party] : [],
    );
    for (const [party, one] of this.#agents) {
      if (wanted.includes(party)) {
        one.agent.refresh();
      } else {
        this.#agents.delete(party);
        this.#tell();
        await this.#options.onRemoved?.(party);
        await one.close();
      }
    }
    const missing = wanted.filter((party) => !this.#agents.has(party));
    const opened = await Promise.all(missing.map((party) => this.#open(party)));
    // in the order of the configuration, which is that of their turns
    for (const one of opened) {
      const { agent } = one;
      this.#agents.set(agent.party, one);
      agent.onChange(() => this.#tell());
      this.#tell();
      this.#start(agent);
    }
    await Promise.all(opened.map((one) => this.#options.onOpened?.(one)));
  }

  async #open(party: string): Promise<PartyAgent> {
    const { folder, agreements, earlierAgreement, ...shared } = this.#options;
    const roles = shared.declarations().parties.get(party)?.value.roles;
    const computes = roles?.includes('computeProvider') === true;
    const opened = await openPartyAgent({
      ...shared,
      party,
      folder: join(folder, party),
      turns: this.#turns,
      rows: computes ? { host: '127.0.0.1', port: 0 } : undefined,
    });
    try {
      const earlier = earlierAgreement?.(party);
      const isTakenOver = earlier !== undefined && (await opened.book.takeOver(earlier));
      const reading = await opened.book.applyFile(agreements[party]);
      if (reading.change === 'kept')
        this.#kept.push({ party, why: isTakenOver ? takenOverWhy(earlier) : reading.why });
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Its imports and first runs go on by themselves; orders wait for them. */
  #start(agent: PartyAgent['agent']): void {
    agent.start().catch((error: unknown) => {
      // closed before it was warm: somebody was quick to stop, and nothing is wrong
      if (error instanceof StarlingError && error.code === 'shutting-down') return;
      const { party } = agent;
      this.#options.telemetry.logger.error({ err: error, party }, 'an agent could not start its runs');
    });
  }
}

function takenOverWhy({ agreement, changedAt, changedBy }: EarlierAgreement): string {
  const how = agreement === null ? 'removed' : 'changed';
  const by = changedBy === undefined ? '' : ` by ${changedBy}`;
  return `It was ${how} through the API${by} at ${changedAt}, and is its agent's own now, as it was; change it there.`;
}
