/** For answers that no browser shows: nothing may be loaded, and no page may frame them. */
const nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * For the documentation: scripts and data from here only. Styles may stand in the page, since its library writes them
 * there; images may be part of a style sheet.
 */
export const documentationPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** For a page whose only style sheet is the one with the hash (`sha256-…`, base 64). */
export function pagePolicy(styleHash: string): string {
  return `${nothing}; style-src '${styleHash}'`;
}

/** Over TLS besides: browsers come back over TLS alone for a year. */
export const strictTransport = { 'strict-transport-security': 'max-age=31536000' } as const;

/** Headers of every answer; pages and files replace some. */
export const securityHeaders = {
  'content-security-policy': nothing,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;
