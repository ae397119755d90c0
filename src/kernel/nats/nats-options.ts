import type { Clock } from '../clock/index.js';

/** Who we are to the servers: the text of a `.creds` file, a name with its password, or a token. */
export type NatsCredentials =
  | { readonly creds: string }
  | { readonly user: string; readonly password: string }
  | { readonly token: string };

/** Certificates as PEM texts: of who vouches for the servers, and our own with its key where they ask for one. */
export interface NatsTls {
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** Where failures go that no caller waits for, and what an operator should know. */
export interface NatsLogger {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What queues and blobs in NATS are opened with. */
export interface NatsOptions {
  /** `host:port` or `nats://host:port` of one server or several of one cluster. */
  readonly servers: readonly string[];
  readonly credentials?: NatsCredentials;
  /** TLS, with what the system trusts where it is `true`. Default: as the servers have it. */
  readonly tls?: NatsTls | true;
  /** On how many servers everything is kept, 1 to 5. Default: 3 in a cluster, else 1. Counts for what is made new. */
  readonly replicas?: number;
  /** What the names of streams and subjects begin with. Default: `starling`. */
  readonly prefix?: string;
  /** The identity that the store had before; another one is refused with `storage-replaced`. */
  readonly expected?: string;
  /** How long to ask again where no server answers, in milliseconds. Default 20,000. */
  readonly patienceMs?: number;
  /** Default: the clock of the process. */
  readonly clock?: Clock;
  /** Default: standard error. */
  readonly logger?: NatsLogger;
}
