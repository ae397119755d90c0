import type { Clock } from '../../clock/index.js';
import type { StateLogger } from '../local/lease-ends.js';
import type { State } from '../state.js';

export interface EtcdStateOptions {
  /** `HOST:PORT` of the cluster's servers; one is enough, with more the others are asked when it is away. */
  readonly endpoints: readonly string[];
  /** What all keys begin with. Default: `starling`. */
  readonly prefix?: string;
  readonly credentials?: { readonly user: string; readonly password: string };
  /** `true`: TLS, believing the certificates that this machine believes. Else PEM texts. */
  readonly tls?: true | { readonly ca?: string; readonly certificate?: string; readonly key?: string };
  /** The identity of the store that was there before: any other, or none, is refused with `storage-replaced`. */
  readonly expected?: string;
  /** Milliseconds within which a call, or the opening, is answered or fails. Default 10,000. */
  readonly timeoutMs?: number;
  /** How many revisions of history are kept in etcd, for all that use it; older ones are forgotten. Default 100,000. */
  readonly historyRevisions?: number;
  readonly clock?: Clock;
  /** Hears of failures that no caller waits for. Default: standard error. */
  readonly logger?: StateLogger;
}

/** A state, and which store it is. */
export type EtcdState = State & { readonly identity: string };
