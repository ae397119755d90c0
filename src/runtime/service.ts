import { z } from 'zod';

/** The name of a service, and of a program of our own. */
export const serviceNameSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,39}$/,
    'a name of a service begins with a letter and has at most 40 of a-z, 0-9 and -',
  );

const environmentName = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]{0,99}$/, 'a name in the environment has capital letters, digits and _')
  .refine((name) => !name.startsWith('STARLING_'), 'names that begin with STARLING_ are given by Starling');

/** What the system takes as a word of a command, or a value in an environment. */
const word = z
  .string()
  .max(4096)
  .regex(/^[^\0]*$/, 'a text for a program has no NUL in it');

/** Most instances that one service may have. */
export const mostReplicas = 64;
const replicaCount = z.int().min(0).max(mostReplicas);

/** A whole number of seconds, at most a day. */
const seconds = z.int().min(1).max(86_400);

/** The path of a request by which an instance is asked how it is. */
const probePath = z
  .string()
  .max(1_000)
  .regex(/^\/[^\s#]*$/, 'the path of a probe begins with a slash, and has no blank and no #');
const port = z.int().min(1).max(65_535).exactOptional();

/** What is declared of a service, besides its name. */
export const serviceSchema = z
  .strictObject({
    description: z.string().max(500).exactOptional(),
    command: z
      .union([z.array(word.min(1)).min(1).max(100), z.strictObject({ program: serviceNameSchema })])
      .describe('A program and its arguments; or `program`, one of Starling’s own by its name.'),
    environment: z.record(environmentName, word).default({}),
    replicas: z
      .strictObject({
        desired: replicaCount.default(1),
        min: replicaCount.default(0),
        max: replicaCount.default(mostReplicas),
      })
      .refine(({ desired, min, max }) => min <= desired && desired <= max, 'give min <= desired <= max')
      .prefault({}),
    limits: z
      .strictObject({
        memoryMegabytes: z.int().min(16).max(1_000_000).default(1_024),
        cpuSeconds: z.int().min(1).exactOptional(),
        fileMegabytes: z.int().min(0).exactOptional(),
      })
      .prefault({})
      .describe('What one instance is held to by the operating system.'),
    graceSeconds: seconds.default(30).describe('How long an instance may take to end after SIGTERM.'),
    readiness: z
      .union([
        z.enum(['started', 'line']),
        z.strictObject({ http: probePath, everySeconds: seconds.default(1), port }),
      ])
      .default('started')
      .describe(
        'When it is ready: once its process runs, once it has written the line `ready`, or once it answers `GET` of a path of ' +
          'its own on loopback with 2xx.',
      ),
    startSeconds: seconds.default(30).describe('How long it may take until it is ready.'),
    heartbeatSeconds: seconds
      .exactOptional()
      .describe(
        'A ready instance that gives no sign of life for so long is taken to hang, and is replaced. A sign is the line ' +
          '`alive`, and an answer of `liveness`.',
      ),
    liveness: z
      .strictObject({ http: probePath, everySeconds: seconds.default(10), port })
      .exactOptional()
      .describe(
        'A path that a ready instance is asked for so often; 2xx is a sign of life. Without `heartbeatSeconds` it may miss ' +
          'three.',
      ),
  })
  .refine(
    ({ readiness, liveness, replicas }) =>
      replicas.max <= 1 ||
      [readiness, liveness].every((probe) => !(typeof probe === 'object' && probe.port !== undefined)),
    'a port of its own is for one instance alone: set max of replicas to 1, or leave the port out and listen at STARLING_PORT',
  );

/** How an instance is asked by HTTP how it is. */
export type ProbeDeclaration = NonNullable<ServiceDeclaration['liveness']>;

/** A service as it is declared: its name, and `serviceSchema` with every default filled in. */
export type ServiceDeclaration = { readonly name: string } & Readonly<z.output<typeof serviceSchema>>;

/** What whoever declares a service has to give. */
export type ServiceInput = { readonly name: string } & Readonly<z.input<typeof serviceSchema>>;

/** What is wanted of a service, as it is in the state under `services/NAME`. */
export interface ServiceRecord {
  readonly declaration: ServiceDeclaration;
  /** Who declared it: `configuration`, or the system that did. */
  readonly source: string;
  /** How many instances are wanted. */
  readonly desired: number;
  /** Whether that number was asked for since, and so outlives the declaration. */
  readonly scaled: boolean;
  /** Why it is wanted so. */
  readonly because: string;
  /** ISO 8601, UTC. */
  readonly changedAt: string;
  /** Grows with each restart and each change of the declaration; instances of an earlier one are replaced. */
  readonly generation: number;
}

/** What an instance does: `draining` – it was told to end; `ended` – its process is gone. */
export type InstanceState = 'starting' | 'ready' | 'draining' | 'ended';

/** One running copy, as it is in the state under `instances/SERVICE/ID`, for as long as its runtime's lease counts. */
export interface InstanceRecord {
  readonly id: string;
  readonly service: string;
  /** Which of the wanted instances it is, from 0. */
  readonly slot: number;
  /** The generation of the service that it was started for. */
  readonly generation: number;
  /** The machine that it runs on. */
  readonly host: string;
  /** Absent before its process runs. */
  readonly pid?: number;
  /** Tells the process from a later one with the same id. */
  readonly processStart?: string;
  readonly state: InstanceState;
  /** Why it is in that state; absent while nothing is to be said. */
  readonly cause?: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly readyAt?: string;
  readonly endedAt?: string;
  /** How often its slot was started before it. */
  readonly restarts: number;
  /** When its slot is started again, where it has ended. ISO 8601, UTC. */
  readonly retryAt?: string;
}

/** A service with its instances, by slot. */
export interface Service extends ServiceRecord {
  readonly name: string;
  readonly instances: readonly InstanceRecord[];
  /** Slots that nobody has a place for, and why; absent where there are none. */
  readonly waiting?: readonly { readonly slot: number; readonly because: string }[];
}
