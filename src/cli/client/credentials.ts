import { readFileSync } from 'node:fs';
import { StarlingError } from '../../kernel/errors/index.js';

/** What a call to the gateway is made with, besides its address. */
export interface Credentials {
  /** A bearer token; it is never printed. */
  readonly token?: string;
  /** Certificates of authorities that are believed, PEM, in the place of the platform's own. */
  readonly authorities?: string;
}

/**
 * The credentials that options or the environment name. A token that begins with `@` names the file that holds it, so that
 * it shows in no list of processes. Throws `input-invalid` where a file cannot be read or the token is none.
 */
export function credentialsOf(
  options: { readonly token?: string | undefined; readonly ca?: string | undefined },
  env: Readonly<Record<string, string | undefined>>,
): Credentials {
  const given = options.token ?? (env.STARLING_TOKEN || undefined);
  const ca = options.ca ?? (env.STARLING_CA || undefined);
  const token = given?.startsWith('@') ? readText(given.slice(1), '--token').trim() : given;
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    const message =
      'The token is not one: it is a single word. Give it with STARLING_TOKEN, or --token @FILE.';
    throw new StarlingError('input-invalid', message);
  }
  return {
    ...(token === undefined ? {} : { token }),
    ...(ca === undefined ? {} : { authorities: readText(ca, '--ca') }),
  };
}

function readText(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `The file ${file} that ${option} names cannot be read. Name another.`;
    throw new StarlingError('input-invalid', message, { cause, details: { option, file } });
  }
}
