import type { Follower } from '../../../kernel/control/index.js';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import type { LiveRequest } from './live-request.js';
import type { RequestStore } from './request-store.js';

export interface ToldElsewhereOptions {
  readonly store: RequestStore;
  /** A request that this gateway has in hand. */
  readonly live: (id: string) => LiveRequest | undefined;
  readonly logger: Pick<Logger, 'error'>;
}

/**
 * Does what other gateways ask of the requests that this one has in hand: stops them, and keeps their stored records as far
 * as they are, from when somebody follows them elsewhere. What nobody follows elsewhere costs no write.
 */
export class ToldElsewhere {
  readonly #options: ToldElsewhereOptions;
  readonly #telling = new Map<string, Promise<void>>();
  #signals: Follower | undefined;

  constructor(options: ToldElsewhereOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { store, live, logger } = this.#options;
    this.#signals = await store.inHand.followSignals(
      (id, signal) => {
        const request = live(id);
        if (request === undefined) return;
        if (signal.kind === 'stop') request.stop(StarlingError.fromRecord(signal.why));
        else this.#tell(request);
      },
      (error) => logger.error({ err: error }, 'what other gateways ask is not heard any more'),
    );
  }

  /** Call it when every request has ended. */
  async close(): Promise<void> {
    await this.#signals?.close();
    await Promise.all(this.#telling.values());
  }

  #tell(request: LiveRequest): void {
    const { id } = request;
    if (this.#telling.has(id)) return;
    const telling = this.#write(request)
      .catch((error: unknown) =>
        this.#options.logger.error(
          { err: error, request: id },
          'the progress of a request is not told elsewhere',
        ),
      )
      .finally(() => this.#telling.delete(id));
    this.#telling.set(id, telling);
  }

  /** Whatever happened during one write is in the next one. */
  async #write(request: LiveRequest): Promise<void> {
    let told = 0;
    for await (const { sequence } of request.follow(0, new AbortController().signal)) {
      const { record } = request;
      // its end is recorded with its job, by whoever carries it out
      if (record.state !== 'running') return;
      if (sequence <= told) continue;
      told = record.events.at(-1)?.sequence ?? 0;
      if (!(await this.#options.store.progressed(record))) return;
    }
  }
}
