import { isDeepStrictEqual } from 'node:util';
import { connectNats, isAtLeast, type Nats, type NatsOptions, openStream } from '../../nats/index.js';
import { WorkInHand } from '../../work-in-hand/index.js';
import { assertQueueName, completeSettings } from '../limits.js';
import type { Queue, QueueCapabilities, QueueSettings, Queues } from '../queue.js';
import { asideConfig, messagesConfig, queueNames, settingsOf, workersConfig } from './layout.js';
import { NatsQueue } from './nats-queue.js';

/** The queues of one store in NATS. */
export class NatsQueues implements Queues {
  readonly adapter = 'nats';
  readonly capabilities: QueueCapabilities;
  readonly durability: string;
  /** Of the store behind it. */
  readonly identity: string;
  readonly #nats: Nats;
  readonly #opening = new Map<string, Promise<NatsQueue>>();
  readonly #work = new WorkInHand('The queues were closed. Open them again.');

  private constructor(nats: Nats) {
    this.#nats = nats;
    this.durability = nats.durability;
    this.identity = nats.identity;
    this.capabilities = {
      priorities: false,
      delayedPublish: false,
      pause: isAtLeast(nats.version, 2, 11),
      refusesLateAck: false,
    };
  }

  static async open(options: NatsOptions): Promise<NatsQueues> {
    return new NatsQueues(await connectNats(options));
  }

  async open(name: string, settings: QueueSettings = {}): Promise<Queue> {
    assertQueueName(name);
    completeSettings(settings);
    return this.#work.do(async () => {
      const opened = this.#opening.get(name);
      if (opened !== undefined) {
        const queue = await opened;
        queue.settle(await this.#settled(name, settings));
        return queue;
      }
      const opening = this.#open(name, settings);
      this.#opening.set(name, opening);
      opening.catch(() => this.#opening.delete(name));
      return opening;
    });
  }

  async names(): Promise<readonly string[]> {
    const { prefix, manager } = this.#nats;
    const before = queueNames(prefix, '').stream;
    return this.#work.do(() =>
      this.#nats.ask('The queues could not be listed', async () => {
        const names: string[] = [];
        for await (const stream of manager.streams.names(queueNames(prefix, '*').subject))
          if (stream.startsWith(before)) names.push(stream.slice(before.length));
        return names.sort();
      }),
    );
  }

  close(): Promise<void> {
    return this.#work.close(() => this.#close());
  }

  async #open(name: string, settings: QueueSettings): Promise<NatsQueue> {
    const { manager } = this.#nats;
    const names = queueNames(this.#nats.prefix, name);
    const complete = await this.#settled(name, settings);
    const workers = await this.#nats.ask(`Queue ${name} could not be opened`, async () => {
      await openStream(manager, asideConfig(names, this.#nats));
      return manager.consumers.add(names.stream, workersConfig);
    });
    const work = <T>(act: () => Promise<T>) => this.#work.do(act);
    const { capabilities } = this;
    return new NatsQueue({ name, nats: this.#nats, settings: complete, workers, capabilities, work });
  }

  /** Makes the stream of a queue where there is none, and writes settings that are others than before. */
  #settled(name: string, settings: QueueSettings): Promise<Required<QueueSettings>> {
    const { manager } = this.#nats;
    const names = queueNames(this.#nats.prefix, name);
    return this.#nats.ask(`Queue ${name} could not be opened`, async () => {
      const made = messagesConfig(names, completeSettings(settings), this.#nats);
      const { config } = await openStream(manager, made);
      const before = settingsOf(config);
      const complete = completeSettings(settings, before);
      if (!isDeepStrictEqual(complete, before)) {
        const { max_msgs, duplicate_window, description } = messagesConfig(names, complete, this.#nats);
        await manager.streams.update(names.stream, {
          ...config,
          ...(max_msgs === undefined ? {} : { max_msgs }),
          ...(duplicate_window === undefined ? {} : { duplicate_window }),
          ...(description === undefined ? {} : { description }),
        });
      }
      return complete;
    });
  }

  async #close(): Promise<void> {
    // one that could not be opened told its opener
    for (const opened of await Promise.allSettled([...this.#opening.values()]))
      if (opened.status === 'fulfilled') opened.value.close();
    await this.#work.settled();
    await this.#nats.close();
  }
}
