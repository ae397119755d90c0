import type { Blobs } from '../../../kernel/blobs/index.js';
import type { Queue } from '../../../kernel/queue/index.js';
import type { State } from '../../../kernel/state/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import type { TaskStore } from '../store/index.js';

/** What putting right reads and writes. */
export interface PutRightParts {
  readonly state: State;
  readonly store: TaskStore;
  readonly queue: Queue;
  readonly blobs: Blobs;
  readonly logger: Pick<Logger, 'info'>;
  /** Uploads in pieces, which are blobs too: whether an upload is known, and whether it has the piece of an owner. */
  readonly resumable: {
    isKnown(upload: string): Promise<boolean>;
    needs(upload: string, owner: string): Promise<boolean>;
  };
}

/** Tells what was put right, where it was anything. */
export function tellPutRight(
  { logger }: PutRightParts,
  { published, blobsRemoved }: { readonly published: number; readonly blobsRemoved: number },
): void {
  if (published + blobsRemoved > 0)
    logger.info({ published, blobsRemoved }, 'tasks were put right after a stop in the middle');
}
