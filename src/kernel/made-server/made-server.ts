import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of HTTP that a test has others call. */
export interface MadeServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Ends it with its connections, so that nobody is answered any more; without effect the second time. */
  close(): Promise<void>;
}

/** Opens one on a free port of loopback; `listener` is all that it does. */
export async function openMadeServer(listener: RequestListener): Promise<MadeServer> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
