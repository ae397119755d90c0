// The queue in NATS, and the bare client beside it doing the same: publish under an id, one consumer that asks for messages as
// long as it has room for some, and acknowledgements that are answered. Each has a server of its own, as it comes.
import { mkdirSync } from 'node:fs';
import { openNatsQueues } from '../../dist/kernel/queue/index.js';
import { startNats } from './servers.mjs';
import { takeEach } from './take-each.mjs';

const silent = { info() {}, warn() {}, error: console.error };

/** The adapter. */
export async function openNatsAdapter(folder) {
  mkdirSync(folder, { recursive: true });
  const server = await startNats(folder);
  const queues = await openNatsQueues({ servers: [server.url], logger: silent });
  let number = 0;
  return {
    durability: queues.durability,
    open: async (inFlight, onDone) => takeEach(await queues.open(`q${++number}`), inFlight, onDone),
    async close() {
      await queues.close();
      await server.stop();
    },
  };
}

/** The client as its own documentation has it, and as fast as it can be set. */
export async function openBareNats(folder) {
  const [{ connect, nuid }, { jetstream, jetstreamManager }] = await Promise.all([
    import('@nats-io/transport-node'),
    import('@nats-io/jetstream'),
  ]);
  mkdirSync(folder, { recursive: true });
  const server = await startNats(folder);
  // without traces, as the adapter: with them it is slower by a third
  const connection = await connect({ servers: server.url, noAsyncTraces: true });
  const manager = await jetstreamManager(connection);
  const client = jetstream(connection);
  let number = 0;
  return {
    durability: `As above (NATS JetStream ${connection.info?.version}).`,
    async open(inFlight, onDone) {
      const name = `q${++number}`;
      const stream = { name, subjects: [name], retention: 'workqueue', discard: 'new', max_msgs: 100_000 };
      await manager.streams.add(stream);
      await manager.consumers.add(name, {
        durable_name: 'workers',
        ack_policy: 'explicit',
        max_ack_pending: -1,
      });
      const consumer = await client.consumers.get(name, 'workers');
      const messages = await consumer.consume({
        max_messages: inFlight,
        callback: async (message) => {
          await message.ackAck();
          onDone(message.string());
        },
      });
      return {
        publish: (body) => client.publish(name, Buffer.from(body), { msgID: nuid.next() }),
        close: () => messages.close(),
      };
    },
    async close() {
      await connection.close();
      await server.stop();
    },
  };
}
