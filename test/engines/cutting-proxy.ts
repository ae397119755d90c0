import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Stands between clients and a server. From each connection it lets so many chunks of the server through; the next one it
 * loses, and cuts the connection: what was asked for was done, and nobody was told.
 */
export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Where new connections go to. */
  target: string;
  /** How many chunks pass before one is lost; where it is infinite, none is. */
  chunksPerConnection = Number.POSITIVE_INFINITY;
  /** How many more chunks pass, of all connections, before one is lost, for once. */
  chunksToLoss = Number.POSITIVE_INFINITY;
  /** How often it has cut. */
  cuts = 0;
  /** Bytes that clients sent. */
  sent = 0;
  /** Told, once, when clients have sent more bytes than `at`: the connection is cut then, or stands still. */
  mark: { readonly at: number; readonly act: () => 'cut' | 'hold' } | undefined;

  static async start(target: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  private constructor(target: string) {
    this.target = target;
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
    const { port, hostname } = new URL(this.target);
    const server = connect(Number(port), hostname);
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
    client.on('data', (chunk: Buffer) => {
      this.sent += chunk.byteLength;
      const { mark } = this;
      if (mark === undefined || this.sent <= mark.at) return;
      this.mark = undefined;
      // What comes from now on is read and lost, so that the end of the client is noticed.
      if (mark.act() === 'hold') client.unpipe(server).resume();
      else {
        this.cuts += 1;
        client.destroy();
      }
    });
    client.pipe(server);
    let chunks = 0;
    server.on('data', (chunk) => {
      chunks += 1;
      this.chunksToLoss -= 1;
      if (chunks <= this.chunksPerConnection && this.chunksToLoss >= 0) return client.write(chunk);
      this.cuts += 1;
      this.chunksToLoss = Number.POSITIVE_INFINITY;
      return client.destroy();
    });
  }
}
