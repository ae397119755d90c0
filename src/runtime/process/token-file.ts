import type { Clock, Timer } from '../../kernel/clock/index.js';
import { replaceFile } from '../../kernel/durable-file/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';

/** A token that lets its holder in as an instance, for a while. */
export interface InstanceToken {
  readonly token: string;
  readonly ttlMs: number;
}

export interface TokenFileOptions {
  readonly file: string;
  /** Gives none where nobody signs in. */
  readonly mint: () => Promise<InstanceToken | undefined>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'error'>;
}

/** How soon it is tried again where a token could not be made or written. */
const retryMs = 10_000;

/**
 * Writes a token into a file, and another when half of its time is over, until `close`. Gives `undefined` where there is none to
 * write. Throws what the first one fails with.
 */
export async function keepTokenFile(options: TokenFileOptions): Promise<{ close(): void } | undefined> {
  const { file, mint, clock, logger } = options;
  let timer: Timer | undefined;
  let closed = false;
  const write = async () => {
    const minted = await mint();
    // one that was closed meanwhile has no folder any more
    if (closed || minted === undefined) return minted;
    await replaceFile(file, minted.token, 0o600);
    later(minted.ttlMs / 2);
    return minted;
  };
  const later = (ms: number) => {
    if (closed) return;
    timer = clock.timer(ms, () => {
      write().catch((thrown: unknown) => {
        if (closed) return;
        logger.error(
          { err: thrown, file },
          'the token of an instance could not be renewed; it is tried again',
        );
        later(retryMs);
      });
    });
  };
  if ((await write()) === undefined) return undefined;
  return {
    close: () => {
      closed = true;
      timer?.cancel();
    },
  };
}
