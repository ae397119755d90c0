import type { Logger } from '../../../../kernel/telemetry/index.js';
import type { Agent } from '../../agent/agent.js';
import { linkLimits } from '../wire/limits.js';
import { type ToGateway, toAgent, type waiting } from '../wire/messages.js';
import { parsed, violation } from '../wire/parsed.js';
import type { Stream } from '../wire/stream.js';
import { publicStatus, Task, type TaskLine } from './task.js';

/** What a gateway waits for, of an earlier stream. */
type Waiting = Zod<typeof waiting>;
type Zod<Schema extends { _output: unknown }> = Schema['_output'];

/**
 * What the agent has in hand for one gateway. It outlives streams: a task goes on without one, and tells the next one what the
 * gateway has not heard, so that nothing is begun twice.
 */
export class Work {
  readonly #agent: Agent;
  readonly #logger: Logger;
  readonly #tasks = new Map<number, Task>();
  #gateway: string | undefined;
  #stream: Stream | undefined;
  /** What the gateway was told last, as text. */
  #told = '';

  constructor(agent: Agent, logger: Logger) {
    this.#agent = agent;
    this.#logger = logger;
  }

  /** How many questions are in hand. */
  get size(): number {
    return this.#tasks.size;
  }

  /**
   * Goes on over a new stream: what the gateway no longer waits for is stopped, and all of it where the gateway is another
   * process than before.
   */
  attach(stream: Stream, gateway: string, awaited: readonly Waiting[]): void {
    if (gateway !== this.#gateway) this.stopAll();
    this.#gateway = gateway;
    this.#stream = stream;
    for (const call of this.#tasks.keys()) if (!awaited.some((one) => one.call === call)) this.#stop(call);
    const status = publicStatus(this.#agent);
    this.#told = JSON.stringify(status);
    stream.send({ type: 'ready', held: [...this.#tasks.keys()], status });
    for (const one of awaited) this.#tasks.get(one.call)?.resume(one);
    stream.handle({
      message: (value) => this.#take(value),
      rows: () => {
        throw violation('rows, which only agents send');
      },
    });
  }

  /** Goes on without a stream. */
  detach(): void {
    this.#stream = undefined;
  }

  stopAll(): void {
    for (const call of this.#tasks.keys()) this.#stop(call);
  }

  /** Tells the agent's status, where it is another than the gateway knows. */
  tellStatus(): void {
    if (this.#stream === undefined) return;
    const status = publicStatus(this.#agent);
    const text = JSON.stringify(status);
    if (text === this.#told) return;
    this.#told = text;
    this.#stream.send({ type: 'status', status } satisfies ToGateway);
  }

  #take(value: unknown): void {
    const message = parsed(toAgent, value, 'a message to an agent');
    const task = this.#tasks.get(message.call);
    switch (message.type) {
      case 'call':
        // the gateway numbers what it asks; one that it asks again is in hand already
        if (task !== undefined) return;
        if (this.#tasks.size >= linkLimits.calls) throw violation('more questions than an agent has in hand');
        this.#tasks.set(
          message.call,
          new Task(message.call, message.question, this.#agent, this.#line, this.#logger),
        );
        return;
      case 'cancel':
        this.#stop(message.call);
        return;
      case 'read':
        task?.wasRead(message.bytes);
        return;
      case 'sources':
        task?.takeSources(message.sources);
        return;
      case 'received':
        this.#tasks.delete(message.call);
    }
  }

  #stop(call: number): void {
    this.#tasks.get(call)?.stop();
    this.#tasks.delete(call);
  }

  readonly #line: TaskLine = {
    send: (message) => this.#stream?.send(message),
    sendRows: (rows) => this.#stream?.sendRows(rows),
  };
}
