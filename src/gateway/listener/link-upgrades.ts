import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { StarlingError } from '../../kernel/errors/index.js';
import type { Logger } from '../../kernel/telemetry/index.js';
import { type AgentLink, apiPrefix } from '../app.js';
import { sendRawProblem } from '../error-answers.js';

/** Where agents open their streams. */
export const linkPath = `${apiPrefix}/agents/link`;

export interface LinkUpgradesOptions {
  readonly link: Pick<AgentLink, 'accept'>;
  readonly logger: Logger;
  /** Throws where the request is not to be served at all. */
  readonly admit: (request: IncomingMessage) => void;
}

/** Hands requests for the stream of an agent to the link, and refuses every other upgrade. */
export class LinkUpgrades {
  readonly #options: LinkUpgradesOptions;
  readonly #sockets = new Set<Duplex>();

  constructor(options: LinkUpgradesOptions) {
    this.#options = options;
  }

  /** Listens to `upgrade` of a server. */
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { link, logger, admit } = this.#options;
    const path = request.url ?? '/';
    socket.on('error', (error) => logger.debug({ err: error }, 'an upgraded connection broke'));
    try {
      admit(request);
      assertLinkUpgrade(request, path);
    } catch (thrown) {
      const error = StarlingError.from(thrown);
      if (error.code === 'internal') logger.error({ err: thrown }, 'an upgrade failed unexpectedly');
      sendRawProblem(socket, error, path);
      return;
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    link.accept(request, socket, head);
  }

  /** Ends every stream that is still there. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Throws where a request for an upgrade is not for the stream of an agent, exactly. */
function assertLinkUpgrade({ method, headers }: IncomingMessage, path: string): void {
  if (path !== linkPath) {
    throw new StarlingError(
      'not-found',
      `There is nothing to upgrade to at that path. Agents connect at ${linkPath}.`,
    );
  }
  const bodied = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  if (method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket' || bodied) {
    throw new StarlingError('input-invalid', 'An agent connects by GET with Upgrade: websocket and no body.');
  }
}
