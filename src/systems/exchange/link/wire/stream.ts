import { WebSocket } from 'ws';
import type { z } from 'zod';
import type { Clock, Timer } from '../../../../kernel/clock/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { messageFrames, type RowsFrame, readFrame, rowsFrame } from './frame.js';
import { linkLimits } from './limits.js';
import { type Goodbye, goodbye } from './messages.js';
import { parsed, violation } from './parsed.js';

/** Why and how a stream ended. */
export interface StreamEnd {
  readonly why: Goodbye['why'] | 'lost';
  readonly error: StarlingError;
}

/** What takes messages once both ends know each other; what it throws ends the stream. */
export interface StreamHandlers {
  message(value: unknown): void;
  rows(rows: RowsFrame): void;
}

export interface StreamOptions {
  /** Open already. */
  readonly socket: WebSocket;
  readonly clock: Clock;
  /** What is told where the other end is gone without a word. */
  readonly lost: () => StarlingError;
}

/**
 * One stream of messages and rows over a WebSocket. While the ends greet each other, messages are small and awaited one by
 * one with `next`; from `handle` on they go to handlers. Both ends ping, and notice within `deadMs` that the other is gone.
 */
export class Stream {
  /** Resolves once, when the stream is of no more use. */
  readonly ended: Promise<StreamEnd>;
  /** Resolves when the socket is closed as well. */
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #options: StreamOptions;
  readonly #end: (end: StreamEnd) => void;
  #over: StreamEnd | undefined;
  #parts: Buffer[] = [];
  #partBytes = 0;
  #unread: unknown[] = [];
  #wake: (() => void) | undefined;
  #handlers: StreamHandlers | undefined;
  #heard: number;
  #pulse: Timer;
  #closing: Timer | undefined;

  constructor(options: StreamOptions) {
    const { socket, clock, lost } = options;
    this.#socket = socket;
    this.#options = options;
    this.#heard = clock.now();
    this.#pulse = clock.timer(linkLimits.pingMs, () => this.#beat());
    let end: (end: StreamEnd) => void = () => undefined;
    this.ended = new Promise((resolve) => {
      end = resolve;
    });
    this.#end = end;
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#finish({ why: 'lost', error: lost() });
        this.#closing?.cancel();
        resolve();
      });
    });
    // a broken socket closes as well, which is what ends the stream
    socket.on('error', () => undefined);
    for (const sign of ['ping', 'pong']) socket.on(sign, () => this.#hear());
    socket.on('message', (data, binary) => {
      this.#hear();
      this.#guarded(() => this.#take(data, binary));
    });
  }

  /** Sends a message; one that cannot be sent any more is lost, as the end of the stream tells. */
  send(message: object): void {
    for (const frame of messageFrames(message)) this.#write(frame);
  }

  sendRows(rows: RowsFrame): void {
    this.#write(rowsFrame(rows));
  }

  /** The next message, before `handle`. Throws what the stream ended with, and `input-invalid` where it is another. */
  async next<Value>(schema: z.ZodType<Value>, what: string): Promise<Value> {
    while (this.#unread.length === 0) {
      if (this.#over !== undefined) throw this.#over.error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return parsed(schema, this.#unread.shift(), what);
  }

  /** From now on messages may be large, and go to `handlers`. */
  handle(handlers: StreamHandlers): void {
    this.#handlers = handlers;
    for (const value of this.#unread.splice(0)) this.#guarded(() => handlers.message(value));
  }

  /** Tells the other end why, and closes; at once where it does not answer within a second. */
  end(why: Goodbye['why'], error: StarlingError): void {
    if (this.#over !== undefined) return;
    const { code, message } = error;
    this.send({ type: 'goodbye', why, error: { code, message } } satisfies Goodbye);
    this.#finish({ why, error });
    this.#socket.close(1000);
    this.#closing = this.#options.clock.timer(1_000, () => this.#socket.terminate());
  }

  /** Gives the stream up without a word. */
  drop(error: StarlingError): void {
    this.#finish({ why: 'lost', error });
    this.#socket.terminate();
  }

  #take(data: unknown, binary: boolean): void {
    if (this.#over !== undefined) return;
    if (!binary || !Buffer.isBuffer(data)) throw violation('a text, where every frame is binary');
    const frame = readFrame(data);
    if (frame.kind === 'rows') {
      if (this.#handlers === undefined) throw violation('rows before the greeting was over');
      this.#handlers.rows(frame.rows);
      return;
    }
    this.#partBytes += frame.bytes.length;
    const maximum = this.#handlers === undefined ? linkLimits.greetingBytes : linkLimits.messageBytes;
    if (this.#partBytes > maximum) throw violation(`a message of more than ${maximum} bytes`);
    this.#parts.push(frame.bytes);
    if (frame.last) this.#message();
  }

  #message(): void {
    const text = Buffer.concat(this.#parts).toString('utf8');
    this.#parts = [];
    this.#partBytes = 0;
    const value = json(text);
    const bye = goodbye.safeParse(value);
    if (bye.success) {
      const { why, error } = bye.data;
      this.#finish({ why, error: StarlingError.fromRecord(error) });
      this.#socket.close(1000);
      this.#closing = this.#options.clock.timer(1_000, () => this.#socket.terminate());
    } else if (this.#handlers !== undefined) {
      this.#handlers.message(value);
    } else {
      if (this.#unread.length >= 4) throw violation('more than the greeting asks for');
      this.#unread.push(value);
      this.#wake?.();
    }
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.end('refused', StarlingError.from(error));
    }
  }

  #write(frame: Buffer): void {
    if (this.#over !== undefined || this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#socket.bufferedAmount > linkLimits.unsentBytes) this.drop(this.#options.lost());
    // what could not be written is told by the close that follows
    else this.#socket.send(frame, { binary: true }, () => undefined);
  }

  #hear(): void {
    this.#heard = this.#options.clock.now();
    // a peer that asks and asks, and never reads what it is answered
    if (this.#socket.bufferedAmount > linkLimits.unsentBytes) this.drop(this.#options.lost());
  }

  #beat(): void {
    const { clock, lost } = this.#options;
    if (clock.now() - this.#heard >= linkLimits.deadMs) {
      this.drop(lost());
      return;
    }
    this.#pulse = clock.timer(linkLimits.pingMs, () => this.#beat());
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping(undefined, undefined, () => undefined);
  }

  #finish(end: StreamEnd): void {
    if (this.#over !== undefined) return;
    this.#over = end;
    this.#pulse.cancel();
    this.#parts = [];
    this.#wake?.();
    this.#end(end);
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw violation('a message that is no JSON', cause);
  }
}
