import type { StarlingError } from '../../kernel/errors/index.js';

/** Our codes as RFC 6750 (section 3.1) has them; for who sent no token there is none. */
const tokenErrors: Readonly<Record<string, string>> = {
  'token-missing': '',
  'token-invalid': ', error="invalid_token"',
  'clock-skewed': ', error="invalid_token"',
  'role-missing': ', error="insufficient_scope"',
};

/** The WWW-Authenticate header for an error of signing in; `undefined` for all others. */
export function signInChallenge({ code }: Pick<StarlingError, 'code'>): string | undefined {
  const error = Object.hasOwn(tokenErrors, code) ? tokenErrors[code] : undefined;
  return error === undefined ? undefined : `Bearer realm="starling"${error}`;
}
