import type { Clock } from '../../../kernel/clock/index.js';
import { type Controller, createController } from '../../../kernel/control/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { GatewayRegistry } from '../../../kernel/gateways/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import type { AnswerStore } from '../answers/index.js';
import type { GatewayEntries } from './gateway-entries.js';
import type { RequestStore } from './request-store.js';

/** What a gateway that is gone told of a request and did not record are fewer events than this. */
const unrecordedEvents = 10_000;

export interface RecoveryOptions {
  readonly store: RequestStore;
  readonly answers: Pick<AnswerStore, 'remove'>;
  readonly entries: Pick<GatewayEntries, 'failed'>;
  /** Absent where this gateway is the only one. */
  readonly gateways?: Pick<GatewayRegistry, 'get' | 'onChange'> | undefined;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/**
 * Closes requests that a gateway left unfinished which is not there any more, be it this one's process before: their runs
 * ended with it, so that they have failed, and their record says so. Nothing is run again by itself: the requester decides.
 * Several gateways may look after the same ones: each is closed by one of them.
 */
export class Recovery {
  readonly #options: RecoveryOptions;
  readonly #controller: Controller;
  /** Taken over, or of this gateway and without a recorded end; to be closed. */
  readonly #taken = new Set<string>();
  #stopListening: () => void = () => {};

  constructor(options: RecoveryOptions) {
    const { store, clock, logger } = options;
    this.#options = options;
    this.#controller = createController({
      ...{ name: 'requests-of-gone-gateways', clock, logger, random: Math.random },
      reconcile: async () => {
        await this.#closeAll((gateway) => gateway !== store.inHand.gateway);
        return undefined;
      },
    });
  }

  /** Resolves when those that were left are closed; from then on, it looks again whenever a gateway goes. */
  async start(): Promise<void> {
    await this.#closeAll(() => true);
    this.#controller.start();
    const { gateways } = this.#options;
    if (gateways === undefined) return;
    this.#stopListening = gateways.onChange(() => this.#look());
    // one may have gone between the first look and the listening
    this.#look();
  }

  /** Closes a request of this gateway's own whose end could not be recorded, as soon as that can be. */
  unrecorded(id: string): void {
    this.#taken.add(id);
    this.#look();
  }

  async close(): Promise<void> {
    this.#stopListening();
    await this.#controller.stop();
  }

  #look(): void {
    this.#controller.enqueue('requests');
  }

  async #closeAll(isMeant: (gateway: string | undefined) => boolean): Promise<void> {
    const { store, gateways } = this.#options;
    for (const one of await store.inHand.all()) {
      const isThere = one.gateway !== undefined && gateways?.get(one.gateway) !== undefined;
      if (!isThere && isMeant(one.gateway) && (await store.inHand.takeOver(one))) this.#taken.add(one.id);
    }
    for (const id of this.#taken) {
      await this.#close(id);
      this.#taken.delete(id);
    }
  }

  async #close(id: string): Promise<void> {
    const { store, answers, entries, clock } = this.#options;
    const now = clock.wallTime();
    const error = new StarlingError(
      'run-died',
      'The gateway was stopped before the request had its answer. Ask again.',
    );
    // what could not be told may have been recorded all the same
    if (!(await store.inHand.isStillHere(id))) return;
    const record = await store.request(id);
    await answers.remove(id);
    // whoever followed the request at the other gateway goes on here after the last event that was told there
    const sequence = (record.events.at(-1)?.sequence ?? 0) + unrecordedEvents;
    const event = { sequence, at: now, type: 'failed' as const, message: error.message };
    const failed = {
      ...record,
      state: 'failed' as const,
      endedAt: now,
      error: error.toRecord(),
      events: [...record.events, event],
    };
    await Promise.all([store.failed(failed, error.message), entries.failed(failed)]);
  }
}
