import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * The port to listen on: `port`, or a free one where that is 0. It is needed before the gateway listens, since the name of its
 * issuer of tokens has it; where another process takes it meanwhile, listening fails and says so.
 */
export async function chosenPort(host: string, port: number): Promise<number> {
  if (port !== 0) return port;
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : port;
}
