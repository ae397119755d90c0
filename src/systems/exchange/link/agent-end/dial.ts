import { WebSocket } from 'ws';
import type { Clock } from '../../../../kernel/clock/index.js';
import { StarlingError } from '../../../../kernel/errors/index.js';
import { gatewayAddress } from '../wire/address.js';
import { linkLimits, linkPath } from '../wire/limits.js';
import { Stream } from '../wire/stream.js';

/** Whom to dial. */
export interface DialOptions {
  readonly url: string;
  readonly tls?: { readonly ca: string };
  readonly clock: Clock;
}

/** Opens streams to one gateway. */
export interface Dial {
  /** Throws `gateway-unreachable`, and `certificate-invalid` where its certificate is not believed. */
  (signal: AbortSignal): Promise<Stream>;
  /** That the gateway cannot be reached, and `why`. */
  unreachable(why: string, cause?: unknown): StarlingError;
}

/** Throws `configuration-invalid` where the address is none, or plain HTTP to another machine. */
export function dial({ url, tls, clock }: DialOptions): Dial {
  const address = linkAddress(url);
  const unreachable = (why: string, cause?: unknown) =>
    new StarlingError(
      'gateway-unreachable',
      `The gateway at ${url} cannot be reached: it ${why}. It is tried again by itself.`,
      { cause },
    );
  const open = (signal: AbortSignal) =>
    new Promise<Stream>((resolve, reject) => {
      const socket = new WebSocket(address, {
        maxPayload: linkLimits.frameBytes,
        perMessageDeflate: false,
        // masks keep a page's script from fooling proxies that read along; here there is no page, and TLS or loopback
        generateMask: (mask) => mask.fill(0),
        ...tls,
      });
      const give = () => socket.terminate();
      const late = clock.timer(linkLimits.greetingMs, give);
      const settled = () => {
        late.cancel();
        signal.removeEventListener('abort', give);
      };
      signal.addEventListener('abort', give);
      if (signal.aborted) give();
      socket.once('open', () => {
        settled();
        resolve(new Stream({ socket, clock, lost: () => unreachable('went away without a word') }));
      });
      let failure: Error | undefined;
      socket.on('error', (error) => {
        failure = error;
      });
      socket.once('close', () => {
        settled();
        reject(failed(failure, unreachable));
      });
    });
  return Object.assign(open, { unreachable });
}

function linkAddress(url: string): URL {
  return new URL(linkPath, gatewayAddress(url).href.replace(/^http/, 'ws'));
}

function failed(failure: Error | undefined, unreachable: Dial['unreachable']): StarlingError {
  const code = failure !== undefined && 'code' in failure ? String(failure.code) : '';
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code)) {
    return new StarlingError(
      'certificate-invalid',
      `The gateway's certificate is not believed: ${failure?.message}. Give the certificate of the authority that signed it, or the gateway a certificate for its name.`,
      { cause: failure },
    );
  }
  return unreachable(failure === undefined ? 'does not answer in time' : `said: ${failure.message}`, failure);
}
