import { once } from 'node:events';
import { WebSocket } from 'ws';
import { StarlingError } from '../../../kernel/errors/index.js';
import type { SigningKey } from '../../../kernel/identity/index.js';
import { nonce } from './handshake/nonce.js';
import { type Greeting, prove } from './handshake/proof.js';
import type { madeLink } from './made-link.js';
import { linkPath, linkProtocol } from './wire/limits.js';
import { challenge, welcome } from './wire/messages.js';
import { Stream } from './wire/stream.js';

type Link = Awaited<ReturnType<typeof madeLink>>;

/** A socket to a gateway, by nobody in particular. */
export function socketTo(link: Link): WebSocket {
  return new WebSocket(new URL(linkPath, link.url.replace('http', 'ws')), { perMessageDeflate: false });
}

/** A stream of a peer that does as it likes. */
export async function stranger(link: Link): Promise<Stream> {
  const socket = socketTo(link);
  await once(socket, 'open');
  const lost = () => new StarlingError('gateway-unreachable', 'It went away.');
  return new Stream({ socket, clock: link.clock, lost });
}

/** Says hello as a party, and gives the greeting that is in the gateway's challenge. */
export async function greet(stream: Stream, party: string, key: SigningKey, fresh = nonce()) {
  const own = { party, key: key.publicKey.kid, nonce: fresh, boot: nonce() };
  stream.send({ type: 'hello', protocol: linkProtocol, ...own });
  const { proof } = await stream.next(challenge, 'a challenge');
  const claims: Greeting = JSON.parse(Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString());
  const { agentKey, gatewayKey, agentNonce, gatewayNonce, agentBoot, gatewayBoot } = claims;
  const greeting = { party, agentKey, gatewayKey, agentNonce, gatewayNonce, agentBoot, gatewayBoot };
  return { proof, greeting };
}

/** Shows a proof, and gives the gateway's welcome. */
export function answer(stream: Stream, proof: string) {
  stream.send({ type: 'proof', proof, keyChanges: [] });
  return stream.next(welcome, 'a welcome');
}

/** A stream of a party that is enrolled, up to the welcome. */
export async function welcomed(link: Link, party: string, key: SigningKey): Promise<Stream> {
  const stream = await stranger(link);
  const { greeting } = await greet(stream, party, key);
  await answer(stream, await prove('agent', greeting, key, link.clock.wallTime()));
  return stream;
}
