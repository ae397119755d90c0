import type { Blobs } from '../../../kernel/blobs/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Queues } from '../../../kernel/queue/index.js';
import type { State } from '../../../kernel/state/index.js';
import { withOthers } from '../made-tasks.js';

/** What the system stands on. */
export interface Engines {
  readonly state: State;
  readonly queues: Queues;
  readonly blobs: Blobs;
}

/** A process that dies after so many writes and one, for tests: from then on its engines answer nothing, nor that last write. */
export class DoomedProcess {
  readonly engines: Engines;
  /** Resolves when it is dead. */
  readonly death: Promise<void>;
  readonly leases: string[] = [];
  readonly #state: State;
  /** Writes that were asked for, which the engines may do after its death. */
  readonly #asked = new Set<unknown>();
  #left: number;
  #die: () => void = () => undefined;

  constructor(engines: Engines, writes: number) {
    const { state, queues, blobs } = engines;
    this.#state = state;
    this.#left = writes;
    this.death = new Promise((resolve) => {
      this.#die = resolve;
    });
    const lease: State['lease'] = async (ttlMs) => {
      const taken = await state.lease(ttlMs);
      this.leases.push(taken.id);
      return this.#mortal(taken, ['revoke']);
    };
    const openQueue: Queues['open'] = async (...given) =>
      this.#mortal(await queues.open(...given), ['publish', 'ack', 'nak', 'extend', 'reject']);
    this.engines = {
      state: this.#mortal(withOthers(state, { lease }), ['put', 'delete', 'transaction', 'lease']),
      queues: this.#mortal(withOthers(queues, { open: openQueue }), []),
      blobs: this.#mortal(blobs, ['write', 'release', 'hold']),
    };
  }

  /** Ends its leases, as they lapse by themselves some time after its death. */
  async loseLeases(): Promise<void> {
    await Promise.allSettled(this.#asked);
    for (const id of this.leases) {
      try {
        await (await this.#state.resumeLease(id)).revoke();
      } catch (thrown) {
        // it may have ended the lease itself
        if (StarlingError.from(thrown).code !== 'lease-lapsed') throw thrown;
      }
    }
  }

  #mortal<T extends object>(engine: T, writes: readonly (keyof T)[]): T {
    return new Proxy(engine, {
      get: (target, name) => {
        const found: unknown = Reflect.get(target, name);
        if (typeof found !== 'function') return found;
        const isWrite = (writes as readonly (string | symbol)[]).includes(name);
        return (...given: unknown[]) => this.#call(() => found.apply(target, given), isWrite);
      },
    });
  }

  #call(act: () => unknown, isWrite: boolean): unknown {
    if (this.#left < 0) return new Promise(() => undefined);
    const answer = act();
    if (!isWrite) return answer;
    this.#asked.add(answer);
    if (this.#left === 0) return this.#lastBreath(answer);
    this.#left -= 1;
    return answer;
  }

  async #lastBreath(answer: unknown): Promise<never> {
    // what is written may have to be read first
    await answer;
    this.#left = -1;
    this.#die();
    return new Promise<never>(() => undefined);
  }
}
