import type { Logger } from '../../../../kernel/telemetry/index.js';
import type { Agent } from '../../agent/agent.js';
import { nonce } from '../handshake/nonce.js';
import { Work } from './work.js';

/**
 * What an agent has in hand, for each process of a gateway that asked for it: it goes on over whichever stream reaches that
 * process next.
 */
export class Works {
  /** Stands for the agent's process. */
  readonly boot = nonce();
  readonly #agent: Agent;
  readonly #logger: Logger;
  readonly #works = new Map<string, Work>();

  constructor(agent: Agent, logger: Logger) {
    this.#agent = agent;
    this.#logger = logger;
  }

  /** @param gateway what stands for the gateway's process */
  of(gateway: string): Work {
    const work = this.#works.get(gateway) ?? new Work(this.#agent, this.#logger);
    this.#works.set(gateway, work);
    return work;
  }

  /** Stops what a gateway asked for that no stream reaches any more, and forgets it. */
  drop(gateway: string): void {
    const work = this.#works.get(gateway);
    if (work === undefined || work.isAttached) return;
    work.stopAll();
    this.#works.delete(gateway);
  }
}
