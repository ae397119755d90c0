import type { Logger } from '../../../../kernel/telemetry/index.js';
import type { Agent } from '../../agent/agent.js';
import { linkLimits } from '../wire/limits.js';
import { type ToGateway, type ToldGateways, toAgent, type waiting } from '../wire/messages.js';
import { parsed, violation } from '../wire/parsed.js';
import type { Stream } from '../wire/stream.js';
import { publicStatus, Task, type TaskLine } from './task.js';

/** What a gateway waits for, of an earlier stream. */
type Waiting = Zod<typeof waiting>;
type Zod<Schema extends { _output: unknown }> = Schema['_output'];

/**
 * What the agent has in hand for one gateway's process. It outlives streams: a task goes on without one, and tells the next one
 * what the gateway has not heard, so that nothing is begun twice.
 */
export class Work {
  readonly #agent: Agent;
  readonly #logger: Logger;
  readonly #tasks = new Map<number, Task>();
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

  /** Whether there is a stream to the gateway. */
  get isAttached(): boolean {
    return this.#stream !== undefined;
  }

  /** Goes on over a new stream: what the gateway no longer waits for is stopped. */
  attach(
    stream: Stream,
    awaited: readonly Waiting[],
    onGateways: (told: ToldGateways) => void = () => undefined,
  ): void {
    this.#stream = stream;
    for (const call of this.#tasks.keys()) if (!awaited.some((one) => one.call === call)) this.#stop(call);
    const status = publicStatus(this.#agent);
    this.#told = JSON.stringify(status);
    stream.send({ type: 'ready', held: [...this.#tasks.keys()], status });
    for (const one of awaited) this.#tasks.get(one.call)?.resume(one);
    stream.handle({
      message: (value) => this.#take(value, onGateways),
      rows: () => {
        throw violation('rows, which only agents send');
      },
    });
  }

  /** Goes on without that stream; without effect where another one took its place. */
  detach(stream: Stream): void {
    if (this.#stream === stream) this.#stream = undefined;
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

  #take(value: unknown, onGateways: (told: ToldGateways) => void): void {
    const message = parsed(toAgent, value, 'a message to an agent');
    if (message.type === 'gateways') {
      onGateways(message);
      return;
    }
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
