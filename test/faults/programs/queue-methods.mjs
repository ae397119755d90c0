// What can be called of a queue, as functions of plain data: bodies are texts.

export function queueMethods(queues) {
  const opened = new Map();
  const queue = (name) => {
    const found = opened.get(name);
    if (found === undefined) throw new Error(`The queue ${name} was not opened.`);
    return found;
  };
  return {
    open: async ({ name, settings }) => void opened.set(name, await queues.open(name, settings)),
    capabilities: async () => ({ ...queues.capabilities, durability: queues.durability }),
    publish: ({ name, body, options }) => queue(name).publish(Buffer.from(body), options),
    take: async ({ name, options }) =>
      (await queue(name).take(options)).map(({ body, ...rest }) => ({
        ...rest,
        body: Buffer.from(body).toString(),
      })),
    ack: ({ name, lease }) => queue(name).ack(lease),
    nak: ({ name, lease, options }) => queue(name).nak(lease, options),
    reject: ({ name, lease, reason }) => queue(name).reject(lease, reason),
    extend: ({ name, lease, leaseMs }) => queue(name).extend(lease, leaseMs),
    stats: ({ name }) => queue(name).stats(),
    deadLetters: async ({ name, after }) => {
      const { deadLetters, next } = await queue(name).deadLetters(after === undefined ? {} : { after });
      return {
        deadLetters: deadLetters.map(({ body, ...rest }) => ({
          ...rest,
          body: Buffer.from(body).toString(),
        })),
        next,
      };
    },
  };
}
