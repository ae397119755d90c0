import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Stands between clients and a server. From each connection it lets so many chunks of the server through; the next one it
 * loses, and cuts the connection: what was asked for was done, and nobody was told.
 */
export class CuttingProxy {
  readonly #server: Server;
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  /** How many chunks pass before one is lost; where it is infinite, none is. */
  chunksPerConnection = Number.POSITIVE_INFINITY;
  /** How often it has cut. */
  cuts = 0;

  static async start(target: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((client) => this.#join(client));
  }

  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #join(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    const ends = [client, server];
    for (const socket of ends) {
      this.#sockets.add(socket);
      // Each side is told by its own connection.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        for (const each of ends) each.destroy();
      });
    }
    client.pipe(server);
    let chunks = 0;
    server.on('data', (chunk) => {
      chunks += 1;
      if (chunks <= this.chunksPerConnection) return client.write(chunk);
      this.cuts += 1;
      return client.destroy();
    });
  }
}
