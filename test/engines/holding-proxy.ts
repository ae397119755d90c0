import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between clients and a server, and can hold for a while what clients say: it arrives late, and is not lost. */
export class HoldingProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [client: Socket, server: Socket]>();

  static async start(target: string): Promise<HoldingProxy> {
    const proxy = new HoldingProxy(new URL(target));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  private constructor(target: URL) {
    this.#server = createServer((client) => {
      const server = connect(Number(target.port), target.hostname);
      const pair = [client, server] as const;
      this.#pairs.add(pair);
      for (const socket of pair) {
        // each side is told by its own connection
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#pairs.delete(pair);
          for (const each of pair) each.destroy();
        });
      }
      client.pipe(server);
      server.pipe(client);
    });
  }

  get url(): string {
    const address = this.#server.address();
    return `nats://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  hold(): void {
    for (const [client, server] of this.#pairs) client.unpipe(server).pause();
  }

  release(): void {
    for (const [client, server] of this.#pairs) client.pipe(server);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const [client] of this.#pairs) client.destroy();
    await closed;
  }
}
