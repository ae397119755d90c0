import { setMaxListeners } from 'node:events';

/** Works on a queue of ours: as many workers as are in flight, each taking one message after the other. */
export function takeEach(queue, inFlight, onDone) {
  const stopping = new AbortController();
  setMaxListeners(inFlight, stopping.signal);
  const work = async () => {
    for (;;) {
      const [delivery] = await queue.take({
        max: 1,
        leaseMs: 60_000,
        waitMs: Number.POSITIVE_INFINITY,
        signal: stopping.signal,
      });
      if (delivery === undefined) return;
      await queue.ack(delivery.lease);
      onDone(Buffer.from(delivery.body).toString());
    }
  };
  const workers = Array.from({ length: inFlight }, work);
  return {
    publish: (body) => queue.publish(Buffer.from(body)),
    async close() {
      stopping.abort();
      await Promise.all(workers);
    },
  };
}
