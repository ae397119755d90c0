// What can be called of queues, as functions of plain data: bodies are texts. Every call names its queue, and how that behaves.

export function queueMethods(queues) {
  const opened = new Map();
  const open = ({ name, settings }) => {
    const opening = opened.get(name) ?? queues.open(name, settings);
    opened.set(name, opening);
    // one that could not be opened is tried again by the next call
    opening.catch(() => opened.delete(name));
    return opening;
  };
  const text = ({ body, ...rest }) => ({ ...rest, body: Buffer.from(body).toString() });
  return {
    capabilities: async () => queues.capabilities,
    publish: async (at) => (await open(at)).publish(Buffer.from(at.body), at.options),
    take: async (at) => (await (await open(at)).take(at.options)).map(text),
    ack: async (at) => (await open(at)).ack(at.lease),
    nak: async (at) => (await open(at)).nak(at.lease, at.options),
    reject: async (at) => (await open(at)).reject(at.lease, at.reason),
    extend: async (at) => (await open(at)).extend(at.lease, at.leaseMs),
    stats: async (at) => (await open(at)).stats(),
    deadLetters: async (at) => {
      const { deadLetters, next } = await (await open(at)).deadLetters(at.options);
      return { deadLetters: deadLetters.map(text), next };
    },
  };
}
