import { StarlingError } from '../kernel/errors/index.js';

/** What fastify and its plugins throw, by their own codes. */
const known: Readonly<Record<string, (limit: number) => StarlingError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: (limit) =>
    new StarlingError('input-too-large', `The body is larger than ${limit} bytes. Send less.`, {
      details: { limit },
    }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new StarlingError(
      'media-type-unsupported',
      'The body is not of a media type that is read here. Send JSON, with Content-Type: application/json.',
    ),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new StarlingError(
      'input-invalid',
      'The body has another length than Content-Length says. Send it again.',
    ),
  FST_ERR_BAD_URL: () =>
    new StarlingError('input-invalid', 'The path is not a valid URL. Write % as %25 in it.'),
  FST_ERR_MAX_PARAM_LENGTH: () =>
    new StarlingError('input-invalid', 'A name in the path is longer than any name may be. Shorten it.'),
};

/** Any thrown value as one of our errors; what is neither ours nor the client's fault becomes `internal`. */
export function toStarlingError(thrown: unknown, bodyLimitBytes: number): StarlingError {
  if (thrown instanceof StarlingError) return thrown;
  const { code, statusCode } = thrown instanceof Error ? (thrown as FastifyFault) : {};
  const make = code !== undefined && Object.hasOwn(known, code) ? known[code] : undefined;
  if (make !== undefined) return make(bodyLimitBytes);
  if (statusCode === 404 || statusCode === 403) {
    return new StarlingError('not-found', 'There is nothing under that path.', { cause: thrown });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const text = 'The request cannot be read. Compare it with /openapi.json.';
    return new StarlingError('input-invalid', text, { cause: thrown });
  }
  return StarlingError.from(thrown);
}

interface FastifyFault {
  readonly code?: string;
  readonly statusCode?: number;
}

/** Seconds after which a refused request may be tried again, where its error says so. */
export function retryAfterSeconds(error: StarlingError): number | undefined {
  if (!['pool-exhausted', 'rate-limited', 'queue-full'].includes(error.code)) return undefined;
  const told = error.details?.retryAfterSeconds;
  return typeof told === 'number' && told > 0 ? Math.ceil(told) : 1;
}
