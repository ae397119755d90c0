import type { IncomingMessage } from 'node:http';
import { StarlingError } from '../../kernel/errors/index.js';

/** Far more than any token has. */
const longest = 8_192;

/**
 * The bearer token (RFC 6750, section 2.1) of a request. Only the Authorization header is looked at: what stands in a URL is
 * kept by logs and histories. Throws `token-missing`, and `token-invalid` where the header cannot be a token or is there twice.
 */
export function bearerToken({ headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>): string {
  const [header, ...others] = headersDistinct.authorization ?? [];
  if (others.length > 0) refuse('The Authorization header is there more than once. Send one.');
  if (header === undefined || !/^bearer(\s|$)/i.test(header)) {
    throw new StarlingError(
      'token-missing',
      'Nobody is signed in. Send Authorization: Bearer and a token of an issuer that is trusted here.',
    );
  }
  // the form of RFC 6750; whether it is a token that is believed is for the verifier to say
  const token = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(header)?.[1];
  if (token === undefined || token.length > longest) {
    refuse('What follows Bearer in the Authorization header is not a token. Send it as it was issued.');
  }
  return token;
}

function refuse(message: string): never {
  throw new StarlingError('token-invalid', message, { details: { reason: 'malformed' } });
}
