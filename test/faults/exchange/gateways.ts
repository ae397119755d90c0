import { setTimeout as wait } from 'node:timers/promises';
import type { CallError, Caller, Outcome } from '../caller.js';
import type { SeenEvent } from './history.js';

/** What the gateway answers with: what was asked for, or a problem. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A call of HTTP, as `programs/gateway-methods.mjs` takes it. */
export interface HttpCall {
  readonly path: string;
  readonly method?: 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly prefer?: 'respond-async';
  /** The token of another person. */
  readonly as?: string;
}

/** What came of following events. */
export interface FollowedEvents {
  /** 0 where there was no answer. */
  readonly status: number;
  readonly told: readonly SeenEvent[];
  readonly code?: string;
  /** Why the stream ended before its end. */
  readonly broken?: string;
}

export interface Gateway {
  readonly name: string;
  readonly url: string;
}

/** An outcome, and the gateway that it is of. */
export type Reached<Result> = Outcome<Result> & { readonly gateway: string };

/** How long a client waits for a gateway where another may answer, and where there is no other, in milliseconds. */
const [patienceMs, alonePatienceMs] = [4_000, 6_000];

/** Between two looks for what has to be answered, in milliseconds, and how many looks there are. */
const [lookMs, mostLooks] = [1_000, 120];

/** The gateways as people reach them: the one that is asked, and the other where that does not answer. */
export class Gateways {
  readonly #desk: Caller;
  readonly #all: readonly Gateway[];

  constructor(desk: Caller, all: readonly Gateway[]) {
    this.#desk = desk;
    this.#all = all;
  }

  /** Asks for something that may be asked for twice. */
  read(
    share: number,
    call: HttpCall,
    patience = this.#all.length > 1 ? patienceMs : alonePatienceMs,
  ): Promise<Reached<HttpAnswer>> {
    return this.#call(share, call, patience, () => true);
  }

  /** Asks for something that is done once: the next gateway is asked only where the first surely did nothing. */
  write(share: number, call: HttpCall, patience: number): Promise<Reached<HttpAnswer>> {
    return this.#call(share, call, patience, ({ isRefused }) => isRefused);
  }

  /** Asks until there is an answer, where nothing fails any more. Throws where none comes. */
  async answered(call: HttpCall): Promise<HttpAnswer['body']> {
    for (let looks = 1; ; looks += 1) {
      const outcome = await this.read(0, call);
      if ('result' in outcome && outcome.result.status === 200) return outcome.result.body;
      if (looks === mostLooks)
        throw new Error(`${call.path} has no answer, and nothing fails: ${JSON.stringify(outcome)}`);
      await wait(lookMs);
    }
  }

  /** Events of a path after the one of a number, from one gateway. */
  async events(
    share: number,
    options: { readonly path: string; readonly after: number; readonly most: number; readonly forMs: number },
  ): Promise<Reached<FollowedEvents>> {
    const { name: gateway, url: at } = this.#from(share)[0] ?? nowhere();
    const outcome = await this.#desk.ask<FollowedEvents>('events', { ...options, at }, options.forMs * 2);
    return { ...outcome, gateway };
  }

  async #call(
    share: number,
    call: HttpCall,
    patience: number,
    isNextAsked: (error: CallError) => boolean,
  ): Promise<Reached<HttpAnswer>> {
    let reached: Reached<HttpAnswer> | undefined;
    for (const { name: gateway, url: at } of this.#from(share)) {
      const outcome = await this.#desk.ask<HttpAnswer>('http', { ...call, at }, patience);
      reached = { ...outcome, gateway, calledAt: reached?.calledAt ?? outcome.calledAt };
      if ('result' in outcome || !isNextAsked(outcome.error)) break;
    }
    return reached ?? nowhere();
  }

  /** All of them, from the one on that a share means. */
  #from(share: number): readonly Gateway[] {
    const first = Math.floor(share * this.#all.length);
    return [...this.#all.slice(first), ...this.#all.slice(0, first)];
  }
}

function nowhere(): never {
  throw new Error('There is no gateway.');
}
