import { StarlingError } from '../../kernel/errors/index.js';

const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was broken off',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  ETIMEDOUT: 'it did not answer in time',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
  UND_ERR_SOCKET: 'the connection was broken off',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it fell silent',
  HPE_INVALID_CONSTANT: 'what listens there does not speak HTTP',
};

/** The first error with a system code among `thrown`, its causes and the errors that they gather. */
function systemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  const gathered = thrown instanceof AggregateError ? thrown.errors : [];
  for (const inner of [thrown.cause, ...gathered]) {
    const code = systemCode(inner);
    if (code !== undefined) return code;
  }
  return undefined;
}

/** `gateway-unreachable` for what a call to `url` threw: why, and how to start a gateway or name another address. */
export function unreachable(url: string, thrown: unknown): StarlingError {
  const code = systemCode(thrown);
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause.message : undefined;
  const why = (code === undefined ? cause : (meanings[code] ?? code)) ?? String(thrown);
  const message = `No gateway answers at ${url}: ${why}. Start one with \`starling up\`, or give another address with --url or STARLING_URL.`;
  return new StarlingError('gateway-unreachable', message, { cause: thrown, details: { url } });
}
