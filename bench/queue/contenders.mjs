// The queues that are compared, each opened as `{ publish(body), onDone, close() }`: messages are worked on as soon as
// they come, `inFlight` at once, and `onDone(body)` is called when the end of one is acknowledged.
import { join } from 'node:path';
import { openLocalQueues } from '../../dist/kernel/queue/index.js';
import { openBareNats, openNatsAdapter } from './nats.mjs';
import { startPostgres, startRedis } from './servers.mjs';
import { takeEach } from './take-each.mjs';

async function openLocal(folder) {
  const queues = await openLocalQueues({ folder });
  let number = 0;
  return {
    durability: queues.durability,
    open: async (inFlight, onDone) => takeEach(await queues.open(`q${++number}`), inFlight, onDone),
    close: () => queues.close(),
  };
}

async function openBullmq(folder, appendfsync) {
  const { Queue, Worker } = await import('bullmq');
  const server = await startRedis(folder, appendfsync);
  const connection = { host: '127.0.0.1', port: server.port };
  let number = 0;
  return {
    durability:
      appendfsync === 'always'
        ? 'Acknowledged means synced (append-only file, fsync before each reply).'
        : 'Acknowledged means in memory; synced once a second: up to a second is lost with the machine.',
    async open(inFlight, onDone) {
      const name = `q${++number}`;
      const queue = new Queue(name, { connection, defaultJobOptions: { removeOnComplete: true } });
      const worker = new Worker(name, async () => {}, { connection, concurrency: inFlight });
      worker.on('completed', (job) => onDone(job.data));
      await worker.waitUntilReady();
      return {
        publish: (body) => queue.add('message', body),
        async close() {
          await worker.close();
          await queue.close();
        },
      };
    },
    close: () => server.stop(),
  };
}

async function openGraphile(folder) {
  const { makeWorkerUtils, run, Logger } = await import('graphile-worker');
  const server = await startPostgres(folder);
  const logger = new Logger(() => () => {});
  const connectionString = server.url;
  return {
    durability: 'Acknowledged means synced (write-ahead log, synchronous_commit = on).',
    async open(inFlight, onDone) {
      const utils = await makeWorkerUtils({ connectionString, logger, maxPoolSize: inFlight });
      await utils.migrate();
      const taskList = { message: async () => {} };
      const concurrency = inFlight;
      const runner = await run({
        ...{ connectionString, logger, taskList, concurrency, noHandleSignals: true },
        maxPoolSize: concurrency + 2,
      });
      runner.events.on('job:complete', ({ job }) => onDone(job.payload.body));
      return {
        publish: (body) => utils.addJob('message', { body }),
        async close() {
          await runner.stop();
          await utils.release();
        },
      };
    },
    close: () => server.stop(),
  };
}

/** By name, what opens each in a folder. */
export const contenders = {
  local: (folder) => openLocal(join(folder, 'local')),
  NATS: (folder) => openNatsAdapter(join(folder, 'nats')),
  'NATS, bare client': (folder) => openBareNats(join(folder, 'bare-nats')),
  'BullMQ, Redis appendfsync always': (folder) => openBullmq(join(folder, 'always'), 'always'),
  'BullMQ, Redis appendfsync everysec': (folder) => openBullmq(join(folder, 'everysec'), 'everysec'),
  'graphile-worker, PostgreSQL': (folder) => openGraphile(join(folder, 'postgres')),
};
