import { z } from 'zod';
import type { HealthReport } from '../../kernel/telemetry/index.js';
import { isoTime } from './shared-parts.js';

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
          code: z.enum(['clock-skewed']).describe('What it becomes if nothing is done: branch on it.'),
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
