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
  readonly mint: () => Promise<InstanceToken>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'error'>;
}

/** How soon it is tried again where a token could not be made or written. */
const retryMs = 10_000;

/** Writes a token into a file, and another when half of its time is over, until `close`. Throws what the first one fails with. */
export async function keepTokenFile(options: TokenFileOptions): Promise<{ close(): void }> {
  const { file, mint, clock, logger } = options;
  let timer: Timer | undefined;
  let closed = false;
  const write = async () => {
    const { token, ttlMs } = await mint();
    // one that was closed meanwhile has no folder any more
    if (closed) return;
    await replaceFile(file, token, 0o600);
    later(ttlMs / 2);
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
  await write();
  return {
    close: () => {
      closed = true;
      timer?.cancel();
    },
  };
}
