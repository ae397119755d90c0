import { type Clock, rest } from '../../../kernel/clock/index.js';
import { backoffDelay, validateBackoff } from '../../../kernel/control/index.js';
import type { Logger } from '../../../kernel/telemetry/index.js';
import type { LogLine } from '../../logs/log-line.js';
import type { ServiceLog } from '../../logs/service-log.js';
import type { HostLine } from '../contract.js';
import { refusalFields } from './refusal.js';

export interface ShipLogOptions {
  readonly log: ServiceLog;
  readonly service: string;
  /** Hands lines on; where that fails they are handed on again. */
  readonly send: (lines: readonly HostLine[]) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** Ends it; what was not handed on by then stays in the host's own files. */
  readonly signal: AbortSignal;
}

/** What is handed on: at once, and on average of a second once that much was saved up. Every part costs something by itself. */
export const shipLimits = {
  charactersAtOnce: 32_000,
  linesAtOnce: 500,
  charactersPerSecond: 32_000,
  charactersSavedUp: 128_000,
  leastCost: 8_000,
} as const;

const backoff = validateBackoff({ initialMs: 500, maxMs: 10_000, jitter: 'none' });

/**
 * Hands on what a service writes from now on, until the signal; never rejects. The host's own files are the buffer: what is written
 * faster than it is handed on is left out once they have been written over, and a line says how much.
 */
export async function shipLog(options: ShipLogOptions): Promise<void> {
  const { log, service, send, clock, logger, signal } = options;
  const credit = new Credit(clock);
  const lines = log.read({ last: 0, follow: true, signal })[Symbol.asyncIterator]();
  let after: number | undefined;
  let next = nextOf(lines);
  try {
    while (!signal.aborted) {
      const first = await next;
      if (first.done === true) return;
      const part: HostLine[] = [];
      let characters = 0;
      for (let line: LogLine | undefined = first.value; line !== undefined; ) {
        const { service: _, ...sent } = line;
        if (after !== undefined && sent.sequence > after + 1)
          part.push(leftOut(sent, sent.sequence - after - 1));
        part.push(sent);
        after = sent.sequence;
        characters += sent.text.length;
        next = nextOf(lines);
        const isFull = characters >= shipLimits.charactersAtOnce || part.length >= shipLimits.linesAtOnce;
        line = isFull ? undefined : await ifThere(next);
      }
      await handOn(part);
      const pauseMs = credit.spend(characters);
      if (pauseMs > 0) await rest(pauseMs, clock, signal);
    }
  } catch (thrown) {
    logger.warn(
      { err: thrown, service },
      'what a service writes is not handed on any more; it is in the host’s own files',
    );
  } finally {
    await lines.return?.(undefined);
  }

  async function handOn(part: readonly HostLine[]): Promise<void> {
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        await send(part);
        return;
      } catch (thrown) {
        if (signal.aborted) return;
        if (failures === 1)
          logger.warn(
            { ...refusalFields(thrown), service },
            'what a service writes could not be handed on; it is tried again',
          );
        await rest(backoffDelay(backoff, failures, 0), clock, signal);
      }
    }
  }
}

/** How much may be handed on before there is to be a pause. */
class Credit {
  readonly #clock: Clock;
  #characters: number = shipLimits.charactersSavedUp;
  #at: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.now();
  }

  /** Takes what a part costs; gives the milliseconds to pause before the next. */
  spend(characters: number): number {
    const { charactersPerSecond, charactersSavedUp, leastCost } = shipLimits;
    const now = this.#clock.now();
    const earned = ((now - this.#at) * charactersPerSecond) / 1000;
    this.#at = now;
    this.#characters =
      Math.min(charactersSavedUp, this.#characters + earned) - Math.max(leastCost, characters);
    return this.#characters >= 0 ? 0 : (-this.#characters * 1000) / charactersPerSecond;
  }
}

function nextOf(lines: AsyncIterator<LogLine>): Promise<IteratorResult<LogLine>> {
  const next = lines.next();
  // it may fail while a part is handed on; it is awaited after that, and throws there
  next.catch(() => undefined);
  return next;
}

/** The next line where it is there already, without waiting for it to be written. */
async function ifThere(next: Promise<IteratorResult<LogLine>>): Promise<LogLine | undefined> {
  const later = new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)));
  const result = await Promise.race([next, later]);
  return result === undefined || result.done === true ? undefined : result.value;
}

function leftOut({ text: _, ...line }: HostLine, count: number): HostLine {
  const text = `(${count} lines were written faster than they could be handed on, and are left out)`;
  return { ...line, sequence: line.sequence - 1, stream: 'stderr', text };
}
