import { constants } from 'node:os';

/** A signal ended the command; what was to be cleaned up is cleaned up, and there is nothing more to say. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** 128 and the number of the signal, as shells have it: 130 for Ctrl-C. */
  readonly exitStatus: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`The command was ended by ${signal}.`);
    this.exitStatus = 128 + constants.signals[signal];
  }
}

/**
 * Does `work`, with a signal that Ctrl-C and SIGTERM abort with an `Interrupted`. The second time they end the process at
 * once, so that nobody waits for a clean-up that hangs.
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    const interrupted = new Interrupted(name === 'SIGTERM' ? 'SIGTERM' : 'SIGINT');
    if (controller.signal.aborted) process.exit(interrupted.exitStatus);
    controller.abort(interrupted);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}
