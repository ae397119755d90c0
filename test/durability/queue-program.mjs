// Publishes to a queue and works on it at once, and says what was acknowledged: one line each.
// Arguments: the folder, a name for the messages, the number of concurrent publishers and of workers.
import { writeSync } from 'node:fs';
import { openLocalQueues } from '../../dist/kernel/queue/index.js';

const [folder = '', name = '', publishers = '8', workers = '8'] = process.argv.slice(2);
const queues = await openLocalQueues({ folder });
const queue = await queues.open('work', { maxDeliveries: 1000 });
writeSync(1, 'open\n');

async function publish(publisher) {
  for (let index = 0; ; index += 1) {
    const id = `${name}/${publisher}/${index}`;
    await queue.publish(Buffer.from(id), { id });
    writeSync(1, `published ${id}\n`);
  }
}

async function work() {
  for (;;) {
    const [delivery] = await queue.take({ max: 1, leaseMs: 60_000, waitMs: Infinity });
    const id = Buffer.from(delivery.body).toString();
    writeSync(1, `taken ${id}\n`);
    await queue.ack(delivery.lease);
    writeSync(1, `done ${id}\n`);
  }
}

await Promise.all([
  ...Array.from({ length: Number(publishers) }, (_, publisher) => publish(publisher)),
  ...Array.from({ length: Number(workers) }, work),
]);
