import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Agent, AgentDirectory } from './agent.js';
import { type LocalAgent, type LocalAgentOptions, openLocalAgent } from './local-agent.js';
import { createTurns } from './turns.js';

export interface LocalDirectoryOptions extends Omit<LocalAgentOptions, 'party' | 'folder' | 'turns'> {
  /** Each agent gets a folder of its own in here. */
  readonly folder: string;
}

/** Agents of every party that provides data or computing, all in this process. */
export class LocalDirectory implements AgentDirectory {
  readonly #options: LocalDirectoryOptions;
  readonly #agents = new Map<string, LocalAgent>();
  readonly #turns = createTurns(availableParallelism() + 1);
  readonly #listeners = new Set<() => void>();
  #refreshing: Promise<void> = Promise.resolve();

  constructor(options: LocalDirectoryOptions) {
    this.#options = options;
  }

  get(party: string): Agent | undefined {
    return this.#agents.get(party);
  }

  all(): readonly Agent[] {
    return [...this.#agents.values()];
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
    const { catalogue, folder, ...shared } = this.#options;
    const wanted = [...catalogue().parties].flatMap(([party, { value }]) =>
      value.roles.some((role) => role !== 'requester') ? [party] : [],
    );
    for (const [party, agent] of this.#agents) {
      if (wanted.includes(party)) {
        agent.refresh();
      } else {
        this.#agents.delete(party);
        this.#tell();
        await agent.close();
      }
    }
    const missing = wanted.filter((party) => !this.#agents.has(party));
    const opened = await Promise.all(
      missing.map((party) =>
        openLocalAgent({ ...shared, catalogue, party, folder: join(folder, party), turns: this.#turns }),
      ),
    );
    // in the order of the configuration, which is that of their turns
    for (const agent of opened) {
      this.#agents.set(agent.party, agent);
      agent.onChange(() => this.#tell());
      this.#tell();
      this.#start(agent);
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Its imports and first runs go on by themselves; orders wait for them. */
  #start(agent: LocalAgent): void {
    agent.start().catch((error: unknown) => {
      // closed before it was warm: somebody was quick to stop, and nothing is wrong
      if (error instanceof StarlingError && error.code === 'shutting-down') return;
      const { party } = agent;
      this.#options.telemetry.logger.error({ err: error, party }, 'an agent could not start its runs');
    });
  }
}
