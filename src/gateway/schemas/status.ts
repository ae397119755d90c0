import { z } from 'zod';
import type { HealthReport } from '../../kernel/telemetry/index.js';
import { isoTime } from './shared-parts.js';

/** One engine that things are stored in. */
const engineSchema = z.strictObject({
  use: z.enum(['state', 'queue', 'blobs']),
  engine: z.enum(['embedded', 'etcd', 'nats', 's3']),
  at: z.string().describe('Where it is, for people.'),
  durability: z.string().exactOptional().describe('When what it acknowledged is safe.'),
  revision: z.int().min(0).exactOptional().describe('The newest revision of the state.'),
  keys: z.int().min(0).exactOptional().describe('How many keys the state has.'),
  version: z.string().exactOptional().describe('Of the engine.'),
  cluster: z.string().exactOptional().describe("The engine's own id of its cluster."),
  identity: z.string().exactOptional().describe('Which store it is; another one is not taken for it.'),
  databaseBytes: z.int().min(0).exactOptional(),
  alarms: z.array(z.string()).exactOptional().describe('What its operator must look at.'),
  members: z
    .array(
      z.strictObject({
        address: z.string(),
        isReachable: z.boolean(),
        name: z.string().exactOptional(),
        isLeader: z.boolean().exactOptional(),
        behind: z.int().min(0).exactOptional().describe('Entries of the log that it has yet to apply.'),
      }),
    )
    .exactOptional(),
  problem: z.string().exactOptional().describe('Why it does not answer.'),
});

/** One engine that things are stored in. */
export type EngineView = z.infer<typeof engineSchema>;

/** How the gateway is. */
export const statusSchema = z
  .strictObject({
    version: z.string(),
    access: z.enum(['open', 'signed-in']).describe('Whether it believes whom a body names, or tokens.'),
    url: z.string().describe('Where others reach it.'),
    certificate: z
      .strictObject({ expiresAt: isoTime, daysLeft: z.int() })
      .exactOptional()
      .describe('When the certificate ends; absent without TLS.'),
    startedAt: isoTime,
    uptimeSeconds: z.number(),
    storage: z.string().exactOptional().describe('The folder that everything is stored in.'),
    engines: z.array(engineSchema).exactOptional().describe('What things are stored in.'),
    gateways: z
      .array(
        z.strictObject({
          id: z.string(),
          url: z.string().describe('Where others reach this very one.'),
          version: z.string(),
          startedAt: isoTime,
          isThis: z.boolean().describe('Whether it is the one that answers.'),
          agents: z.array(z.string()).exactOptional().describe('Parties whose agents are connected to it.'),
        }),
      )
      .exactOptional()
      .describe('The gateways of the consortium that are there.'),
    memory: z.strictObject({ residentBytes: z.int().min(0).describe('Of this process, without its runs.') }),
    parties: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        online: z.boolean().exactOptional().describe('Whether its agent is there; absent where it has none.'),
        since: isoTime.exactOptional().describe('Since when; not before the gateway was started.'),
        clockDifferenceMs: z
          .number()
          .exactOptional()
          .describe("By how much its agent's clock was ahead when it last connected."),
        agreementVersion: z.int().min(1).exactOptional().describe('Of the agreement in force at its agent.'),
        unknownInAgreement: z
          .array(z.string())
          .exactOptional()
          .describe('Names in its agreement that are not configured here, and so allow nothing.'),
      }),
    ),
    requests: z.strictObject({ running: z.int().min(0) }),
    jobs: z.strictObject({ live: z.int().min(0) }),
    warnings: z
      .array(
        z.strictObject({
          code: z
            .enum(['clock-skewed', 'provider-unavailable'])
            .describe('What it becomes if nothing is done: branch on it.'),
          party: z.string(),
          message: z.string(),
        }),
      )
      .describe('What is to be looked after before it fails.'),
    revision: z.int().min(0).describe('The newest revision of the configuration.'),
  })
  .meta({ id: 'Status' });

/** Whether the process can do its work. */
export const healthSchema = z
  .strictObject({
    status: z.enum(['ok', 'failed']),
    checks: z.array(
      z.strictObject({
        name: z.string(),
        status: z.enum(['ok', 'failed']),
        message: z.string().exactOptional(),
      }),
    ),
  })
  .meta({ id: 'Health' }) satisfies z.ZodType<HealthReport>;
