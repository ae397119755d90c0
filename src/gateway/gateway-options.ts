import type { AuditLog } from '../kernel/audit/index.js';
import type { KeyedCertificate } from '../kernel/certificates/index.js';
import type { Clock } from '../kernel/clock/index.js';
import type { GatewayRegistry } from '../kernel/gateways/index.js';
import type { Queues } from '../kernel/queue/index.js';
import type { Health, Telemetry } from '../kernel/telemetry/index.js';
import type { Exchange } from '../systems/exchange/index.js';
import type { Photos, Tasks } from '../systems/tasks/index.js';
import type { GatewayAccess } from './access/gateway-access.js';
import type { RateLimits } from './access/sign-in.js';
import type { AgentLink, ServedHosts, ServedRuntime } from './app.js';
import type { DrainOptions } from './draining.js';
import type { SendTimes } from './listener/http-server.js';
import type { EngineView } from './schemas/status.js';

/** What a gateway is made of. */
export interface GatewayOptions {
  readonly exchange: Exchange;
  readonly telemetry: Telemetry;
  readonly health: Health;
  /**
   * The address that is listened on; 127.0.0.1 if not given. `localhost` means that too. One that others reach needs `tls`,
   * and people that sign in.
   */
  readonly host?: string;
  /** 0 takes any that is free. */
  readonly port: number;
  readonly clock: Clock;
  readonly version: string;
  /** How it learns who calls; open if not given. */
  readonly access?: GatewayAccess;
  /** How often people may call. */
  readonly limits?: RateLimits;
  /** Serves over TLS with this certificate: its own one first, then those that lead to one that clients trust. */
  readonly tls?: KeyedCertificate;
  /** Where others reach the gateway, as in `https://starling.example`; its own address if not given. */
  readonly publicUrl?: string;
  /** Further values of the Host header that are served, with or without a port. */
  readonly allowedHosts?: readonly string[];
  /** How long a body may be; 1 MiB if not given. */
  readonly bodyLimitBytes?: number;
  /** How long clients may take to send. */
  readonly sendTimes?: SendTimes;
  /** The streams of agents; absent where no agent connects over this gateway's port. Its owner closes it after the gateway. */
  readonly link?: AgentLink;
  /** Keeps services running, for operators to see and scale; absent where this gateway has none. Its owner closes it. */
  readonly runtime?: ServedRuntime;
  /** Hosts that services run on; absent where this gateway has none. */
  readonly hosts?: ServedHosts;
  /** The gateway's own audit log, for operators to read. */
  readonly audit?: Pick<AuditLog, 'page' | 'head' | 'keys'>;
  /** Whose clients are served in the forms that they know, where a path has two. */
  readonly compatibility?: { readonly dynamos?: boolean };
  /** Files that are uploaded and worked on; absent where this gateway takes none. */
  readonly tasks?: Tasks;
  /** The same for clients of the OSv microservice demo, which sign in nowhere: served in open mode alone. */
  readonly photos?: Photos;
  /** Where work waits, for operators to look at. */
  readonly queues?: Queues;
  /** Reads how the engines are that things are stored in, for operators to see. */
  readonly engines?: () => Promise<readonly EngineView[]>;
  /** The gateways of the consortium, this one among them; its owner closes it. */
  readonly gateways?: Pick<GatewayRegistry, 'self' | 'all'>;
  /** The folder that everything is stored in, where `/status` may tell it. */
  readonly storage?: string;
}

/** A gateway that listens; its owner calls `close`, before the exchange's. */
export interface Gateway {
  /** Where others reach it. */
  readonly url: string;
  readonly port: number;
  /**
   * Shows another certificate from the next connection on; those that are open go on. Throws `certificate-invalid` and keeps
   * the one before, and `configuration-invalid` where it does not serve over TLS.
   */
  useCertificate(certificate: KeyedCertificate): void;
  /**
   * Takes its leave, for `close` to come after it: says that it is not ready while it serves on, ends streams of events,
   * and lets end what was asked. `close` cuts it short.
   */
  drain(options: DrainOptions): Promise<void>;
  /**
   * Takes nothing new, ends streams of events, lets what is asked end for 2 seconds, cancels the rest, and releases
   * everything. Calling again waits for the same end.
   */
  close(): Promise<void>;
}
