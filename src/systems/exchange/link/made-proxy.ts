import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy that a test breaks: it passes bytes on, in both directions, until it has passed so many. */
export class MadeProxy {
  readonly #server = createServer((near) => this.#join(near));
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #left = Number.POSITIVE_INFINITY;
  #break: () => void = () => undefined;
  url = '';

  private constructor(target: string) {
    this.#target = new URL(target);
  }

  static async open(target: string): Promise<MadeProxy> {
    const proxy = new MadeProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    proxy.url = `http://127.0.0.1:${(proxy.#server.address() as AddressInfo).port}`;
    return proxy;
  }

  /**
   * After `bytes` more, breaks every connection once: `cut` closes them, `freeze` passes nothing on any more and says nothing.
   * `onBreak` is called when it happens; connections that are made later work.
   */
  breakAfter(bytes: number, how: 'cut' | 'freeze', onBreak: () => void = () => undefined): void {
    this.#left = bytes;
    this.#break = () => {
      this.#left = Number.POSITIVE_INFINITY;
      for (const socket of this.#sockets) {
        if (how === 'cut') socket.destroy();
        else socket.pause().removeAllListeners('data');
      }
      onBreak();
    };
  }

  /** Breaks nothing any more. */
  mend(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket): void {
    const far = connect(Number(this.#target.port), this.#target.hostname);
    this.#pass(near, far);
    this.#pass(far, near);
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.on('error', () => undefined);
    from.on('data', (bytes) => {
      const passed = bytes.subarray(0, this.#left);
      to.write(passed);
      this.#left -= passed.length;
      if (this.#left <= 0) this.#break();
    });
  }
}
