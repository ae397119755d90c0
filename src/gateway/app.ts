import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifyTypeProvider,
  RawServerDefault,
} from 'fastify';
import type { z } from 'zod';
import type { AuditLog } from '../kernel/audit/index.js';
import type { Clock } from '../kernel/clock/index.js';
import type { GatewayRegistry } from '../kernel/gateways/index.js';
import type { Caller } from '../kernel/identity/index.js';
import type { Queues } from '../kernel/queue/index.js';
import type { Health, Telemetry } from '../kernel/telemetry/index.js';
import type { OpenedHosts, Runtime } from '../runtime/index.js';
import type { Exchange } from '../systems/exchange/index.js';
import type { Enrolment } from '../systems/exchange/link/index.js';
import type { Photos, Tasks } from '../systems/tasks/index.js';
import type { GatewayAccess } from './access/gateway-access.js';
import type { EventStreams } from './event-streams.js';
import type { CertificateExpiry } from './listener/served-certificate.js';
import type { OpenRequests } from './open-requests.js';
import type { EngineView } from './schemas/status.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in; `undefined` in open mode, and where anyone may call. */
    caller: Caller | undefined;
  }
}

/**
 * Types what comes in by the zod schemas of a route. What goes out is not typed by them: the types of the exchange are
 * read-only, and tests hold every answer against its schema instead.
 */
export interface InputTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  readonly serializer: unknown;
}

/** The fastify instance that routes are added to. */
export type GatewayApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  InputTypes
>;

export type GatewayRequest = FastifyRequest;
export type GatewayReply = FastifyReply;

/** The gateway's end of the streams of agents, as far as HTTP reaches it. */
export interface AgentLink {
  /** Takes an HTTP upgrade over. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly enrolments: {
    /** A one-time token with which the agent of a party enrols at the gateway that has `url`. */
    invite(
      party: string,
      options: { readonly url: string; readonly ttlMs: number; readonly by: string },
    ): Promise<{ readonly token: string; readonly expiresAt: string }>;
    /** Throws `enrolment-refused`, `signature-invalid`, `input-invalid`. */
    redeem(body: unknown): Promise<{ readonly enrolled: string }>;
    /** Parties that are enrolled or invited, by name. */
    list(): Promise<readonly Enrolment[]>;
    /** Throws `not-found`. */
    revoke(party: string, by: string): Promise<void>;
  };
}

/** The runtime, as far as HTTP reaches it. */
export type ServedRuntime = Pick<Runtime, 'services' | 'service' | 'scale' | 'restart' | 'logs'>;

/** Hosts, as they speak over HTTP and are looked after. */
export type ServedHosts = Pick<OpenedHosts, 'desk' | 'hosts'>;

/** What routes work with. */
export interface Services {
  readonly exchange: Exchange;
  readonly access: GatewayAccess;
  readonly telemetry: Telemetry;
  readonly health: Health;
  readonly clock: Clock;
  readonly version: string;
  /** The folder that everything is stored in, where it may be told. */
  readonly storage?: string;
  /** When the gateway was made: milliseconds since 1970, and on the clock's own count. */
  readonly startedAt: { readonly wallTime: number; readonly now: number };
  /** Whose clients are served in forms of their own, where a path has two. */
  readonly compatibility: { readonly dynamos?: boolean };
  readonly openRequests: OpenRequests;
  readonly eventStreams: EventStreams;
  /** Where others reach the gateway; known once it listens. */
  readonly url: () => string;
  /** Present where agents connect from elsewhere. */
  readonly link?: AgentLink;
  /** Present where this gateway keeps services running. */
  readonly runtime?: ServedRuntime;
  /** Present where services run on hosts. */
  readonly hosts?: ServedHosts;
  /** The gateway's own audit log. */
  readonly audit?: Pick<AuditLog, 'page' | 'head' | 'keys'>;
  /** Files that are uploaded and worked on. */
  readonly tasks?: Tasks;
  /** The same for clients of the OSv microservice demo; in open mode. */
  readonly photos?: Photos;
  /** Where work waits, for operators to look at. */
  readonly queues?: Queues;
  /** What things are stored in, where that may be told. */
  readonly engines?: () => Promise<readonly EngineView[]>;
  /** The gateways of the consortium. */
  readonly gateways?: Pick<GatewayRegistry, 'self' | 'all'>;
  /** Aborted when the gateway takes its leave: whoever waits for something is to be sent away. */
  readonly leaving: AbortSignal;
  /** When the certificate ends; absent without TLS. */
  readonly certificate?: () => CertificateExpiry;
}

/** Where the API is, before every resource. */
export const apiPrefix = '/api/v1';
