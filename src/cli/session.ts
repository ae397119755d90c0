import type { Command } from 'commander';
import { ApiClient, defaultUrl } from './client/api-client.js';
import { credentialsOf } from './client/credentials.js';
import { printable } from './output/printable.js';
import { openTerminal, type Terminal } from './output/terminal.js';

/** What one command works with. */
export interface Session {
  readonly terminal: Terminal;
  /** Whether the standard output is for a program. */
  readonly json: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the gateway is told who calls by a token, and not by what a request says. */
  readonly signedIn: boolean;
  /** The file with the certificates of the consortium's authority, where one is named. */
  readonly ca: string | undefined;
  /** A line to the gateway. Throws `input-invalid` where its address is none, or the token or authority cannot be read. */
  client(): ApiClient;
  /** Shows a value: as JSON, or as the page that `page` makes of a copy which is safe to print. */
  show<Value>(value: Value, page: (value: Value) => string): void;
}

/** The session of a command, by its options `--json`, `--url`, `--token` and `--ca`, and the environment. */
export function sessionOf(command: Command): Session {
  const {
    json = false,
    url,
    ...given
  } = command.optsWithGlobals<{
    json?: boolean;
    url?: string;
    token?: string;
    ca?: string;
  }>();
  const { env } = process;
  const terminal = openTerminal(process.stdout, process.stderr, env);
  return {
    terminal,
    json,
    env,
    signedIn: Boolean(given.token ?? env.STARLING_TOKEN),
    ca: given.ca ?? (env.STARLING_CA || undefined),
    client: () => new ApiClient(url ?? (env.STARLING_URL || defaultUrl), credentialsOf(given, env)),
    show: (value, page) => terminal.out(json ? JSON.stringify(value, undefined, 2) : page(printable(value))),
  };
}
