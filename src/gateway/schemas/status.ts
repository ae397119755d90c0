import { z } from 'zod';
import type { HealthReport } from '../../kernel/telemetry/index.js';
import { isoTime } from './shared-parts.js';

/** How the gateway is. */
export const statusSchema = z
  .strictObject({
    version: z.string(),
    startedAt: isoTime,
    uptimeSeconds: z.number(),
    storage: z.string().exactOptional().describe('The folder that everything is stored in.'),
    memory: z.strictObject({ residentBytes: z.int().min(0).describe('Of this process, without its runs.') }),
    parties: z.array(
      z.strictObject({ id: z.string(), name: z.string(), online: z.boolean().exactOptional() }),
    ),
    requests: z.strictObject({ running: z.int().min(0) }),
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
