import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { linkLimits } from '../wire/limits.js';
import { Turnstile } from './turnstile.js';

/** Where streams come in: as HTTP upgrades, of no more strangers at a time than the turnstile lets through. */
export class Entrance {
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: linkLimits.frameBytes,
    perMessageDeflate: false,
  });
  readonly #turnstile = new Turnstile();
  #isShut = false;

  /** Takes an HTTP upgrade over, for `greet`, who calls `greeted` when it is done. Refused with 503 where it is shut, or full of strangers. */
  accept(
    { request, socket, head }: { request: IncomingMessage; socket: Duplex; head: Buffer },
    greet: (socket: WebSocket, greeted: () => void) => void,
  ): void {
    // HTTP's own handler is gone; a socket that breaks closes, which is all there is to do
    socket.on('error', () => undefined);
    const address = request.socket.remoteAddress ?? '';
    const leave = this.#isShut ? undefined : this.#turnstile.enter(address);
    if (leave === undefined) {
      socket.once('finish', () => socket.destroy());
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 10\r\n\r\n');
      return;
    }
    socket.once('close', leave);
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => greet(webSocket, leave));
  }

  /** Lets nobody in any more. */
  shut(): void {
    this.#isShut = true;
  }

  /** Once every stream has ended. */
  close(): void {
    this.#sockets.close();
  }
}
