import { isSystemError, StarlingError } from '../../kernel/errors/index.js';
import type { GatewayApp } from '../app.js';

/** Listens, and gives the port. Closes the app where it cannot: throws `port-in-use` and `configuration-invalid`. */
export async function listen(app: GatewayApp, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (thrown) {
    await app.close();
    throw listenError(thrown, host, port);
  }
  const bound = app.server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}

function listenError(thrown: unknown, host: string, port: number): StarlingError {
  const options = { cause: thrown, details: { host, port } };
  if (isSystemError(thrown, 'EADDRINUSE')) {
    const message = `Another process listens on port ${port} of ${host}. Stop it, or choose another port with --port.`;
    return new StarlingError('port-in-use', message, options);
  }
  if (isSystemError(thrown, 'EACCES')) {
    const message = `This user may not listen on port ${port}. Choose one above 1023 with --port.`;
    return new StarlingError('configuration-invalid', message, options);
  }
  if (isSystemError(thrown, 'EADDRNOTAVAIL')) {
    const message = `This machine has no address ${host}. Choose 127.0.0.1 with --host.`;
    return new StarlingError('configuration-invalid', message, options);
  }
  return StarlingError.from(thrown, 'internal', `The gateway cannot listen on port ${port} of ${host}`);
}
