import { type ErrorCode, errorCodes, isErrorCode, StarlingError } from '../../kernel/errors/index.js';

/** Members of a problem document (RFC 9457) that the error itself stands for. */
const told = new Set(['type', 'code', 'title', 'status', 'detail', 'instance']);

/** What load balancers answer by themselves. */
const unreached: ReadonlySet<number> = new Set([502, 503, 504]);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `\n  /algorithm/name: expected …` for each fault in the body that the detail does not tell already. */
function faultLines(errors: unknown, detail: string): string {
  if (!Array.isArray(errors)) return '';
  return errors
    .filter(isObject)
    .filter(({ message }) => !detail.includes(String(message)))
    .map(({ pointer, message }) => `\n  ${pointer === undefined ? '' : `${pointer}: `}${message}`)
    .join('');
}

/**
 * The error that a problem document stands for. Its other members (`errors`, `request`, …) become the details. A body
 * that is no problem document of Starling becomes `gateway-unreachable` where it is no JSON and has the status of a load
 * balancer without a gateway, `internal` where the gateway failed (other 5xx), else `input-invalid`, with the status in the message.
 */
export function problemError(status: number, body: unknown): StarlingError {
  if (!isObject(body) || typeof body.code !== 'string' || !isErrorCode(body.code)) {
    if (!isObject(body) && unreached.has(status)) {
      const message = `What is in front of the gateways reaches none of them, and answered with HTTP status ${status}. Try again in a moment; else see at the gateways what \`starling status --health\` says.`;
      return new StarlingError('gateway-unreachable', message);
    }
    const code = status >= 500 ? 'internal' : 'input-invalid';
    const text = isObject(body) ? (body.detail ?? body.title) : undefined;
    const reason = typeof text === 'string' ? `: ${text}` : ' and no reason.';
    return new StarlingError(code, `The gateway answered with HTTP status ${status}${reason}`);
  }
  const { title } = errorCodes[body.code];
  const detail = typeof body.detail === 'string' ? body.detail : `${title}.`;
  const details = Object.fromEntries(Object.entries(body).filter(([name]) => !told.has(name)));
  const message = detail + faultLines(body.errors, detail);
  return new StarlingError(body.code, message, Object.keys(details).length === 0 ? {} : { details });
}

/** What a status means where nothing else is said: proxies say 502 to 504 for a gateway that does not answer them. */
const codesByStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'token-invalid',
  403: 'not-yours',
  404: 'not-found',
  409: 'revision-conflict',
  429: 'rate-limited',
  502: 'gateway-unreachable',
  503: 'gateway-unreachable',
  504: 'gateway-unreachable',
  507: 'storage-full',
};

/** The error that an answer without a problem document stands for, from a call to `url`. */
export function statusError(url: string, status: number): StarlingError {
  const code = codesByStatus[status];
  if (code === undefined) return problemError(status, undefined);
  const message = `${errorCodes[code].title}: ${url} answers with HTTP status ${status}. Try it again, and ask its operator where it stays so.`;
  return new StarlingError(code, message, { details: { url } });
}
