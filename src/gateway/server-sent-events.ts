import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import type { Clock, Timer } from '../kernel/clock/index.js';

/** One event to send. `data` becomes JSON, which has no line breaks. */
export interface SentEvent {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

/** The media type of a stream of events. */
export const eventStreamType = 'text/event-stream';

/** Time without an event after which a comment shows both sides that the connection is alive. */
export const keepAliveMs = 15_000;

/** An event as the stream has it (WHATWG HTML, section 9.2.5). */
export function eventText({ id, type, data }: SentEvent): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

export interface EventStreamOptions {
  /** The events; it ends them when the signal is aborted. */
  readonly events: (signal: AbortSignal) => AsyncIterable<SentEvent>;
  readonly clock: Clock;
  /** Ends the stream as if the events had ended. */
  readonly signal: AbortSignal;
  /** Told what reading the events threw; the stream then breaks off, so that the client comes back for the rest. */
  readonly onFailure: (thrown: unknown) => void;
}

/**
 * Events as bytes. A slow reader holds up the reading of events, not memory. Whoever reads it destroys it when the
 * reader goes, which ends everything.
 */
export function eventStream(options: EventStreamOptions): Readable {
  const output = new PassThrough();
  const gone = new AbortController();
  const ended = AbortSignal.any([options.signal, gone.signal]);
  let timer: Timer | undefined;
  const keepAlive = () => {
    timer = options.clock.timer(keepAliveMs, () => {
      if (!output.writableNeedDrain) output.write(': keep-alive\n\n');
      keepAlive();
    });
  };
  output.once('close', () => {
    gone.abort();
    timer?.cancel();
  });
  // sent at once, so that the client learns that it is connected before anything happens
  output.write('retry: 2000\n\n');
  keepAlive();
  void pump();
  return output;

  async function pump(): Promise<void> {
    try {
      for await (const event of options.events(ended)) {
        if (ended.aborted) break;
        timer?.cancel();
        keepAlive();
        if (!output.write(eventText(event))) await once(output, 'drain', { signal: ended });
      }
      output.end();
    } catch (thrown) {
      if (ended.aborted) {
        output.end();
        return;
      }
      options.onFailure(thrown);
      output.destroy(new Error('The events cannot be read.'));
    } finally {
      timer?.cancel();
    }
  }
}
