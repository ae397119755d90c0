import { resolve } from 'node:path';
import type { ServiceDeclaration } from '../service.js';
import { instanceVariable } from './left-behind.js';

/** All that an instance is told by its environment. */
export interface EnvironmentParts {
  readonly declaration: ServiceDeclaration;
  readonly id: string;
  /** Where the gateway is. */
  readonly url: string;
  /** Where the instance finds its token; absent where nobody signs in. */
  readonly tokenFile: string | undefined;
  /** Where it is to listen on loopback; absent where nobody asks it anything there. */
  readonly port: number | undefined;
  /** Its working folder, which is for its temporary files as well. */
  readonly folder: string;
  /** The file with certificates of authorities that it believes besides the platform's; that of `own` if not given. */
  readonly authorities?: string | undefined;
  /** The environment of this process. */
  readonly own: Readonly<Record<string, string | undefined>>;
}

/** What an instance may know of the environment of the process that starts it. */
const inherited = ['PATH', 'LANG', 'TZ'];

/**
 * The environment of an instance: nothing of our own but where programs are, the language, the time zone, and whom to
 * believe over TLS, where that is an authority of the consortium's own.
 */
export function instanceEnvironment(parts: EnvironmentParts): Record<string, string> {
  const { declaration, id, url, tokenFile, port, folder, authorities, own } = parts;
  const passed = inherited.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]]));
  // its working folder is another
  const file = authorities ?? (own.STARLING_CA || undefined);
  const authority = file === undefined ? undefined : resolve(file);
  return {
    ...Object.fromEntries(passed),
    TMPDIR: folder,
    // for programs of Node.js, which take it from there alone; a declaration may name another
    ...(authority === undefined ? {} : { NODE_EXTRA_CA_CERTS: authority }),
    ...declaration.environment,
    ...(authority === undefined ? {} : { STARLING_CA: authority }),
    STARLING_URL: url,
    STARLING_SERVICE: declaration.name,
    [instanceVariable]: id,
    ...(port === undefined ? {} : { STARLING_PORT: String(port) }),
    ...(tokenFile === undefined ? {} : { STARLING_TOKEN_FILE: tokenFile }),
  };
}
