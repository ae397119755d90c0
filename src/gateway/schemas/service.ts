import { z } from 'zod';
import { isoTime, listOf } from './shared-parts.js';

const count = z.int().min(0);

const instance = z
  .strictObject({
    id: z.string(),
    slot: count.describe('Which of the wanted instances it is, from 0.'),
    generation: count.describe('Of the service, when it was started.'),
    host: z.string(),
    pid: z.int().exactOptional(),
    state: z
      .enum(['starting', 'ready', 'draining', 'ended'])
      .describe('`draining`: told to end. `ended`: gone, and started again at `retryAt`.'),
    cause: z.string().exactOptional().describe('Why it is in that state.'),
    startedAt: isoTime,
    readyAt: isoTime.exactOptional(),
    endedAt: isoTime.exactOptional(),
    retryAt: isoTime.exactOptional(),
    restarts: count.describe('How often its slot was started before it.'),
  })
  .meta({ id: 'Instance' });

/** A service, what is wanted of it, and its instances. */
export const serviceViewSchema = z
  .strictObject({
    name: z.string(),
    description: z.string().exactOptional(),
    source: z.string().describe('Who declared it: `configuration`, or a system.'),
    command: z
      .array(z.string())
      .describe('The program and its arguments; one of Starling’s own by its name alone.'),
    replicas: z.strictObject({ desired: count, min: count, max: count }),
    because: z.string().describe('Why so many are wanted, or why it was restarted.'),
    changedAt: isoTime,
    generation: count.describe('Grows with each restart and each change of the declaration.'),
    instances: z.array(instance),
    waiting: z
      .array(z.strictObject({ slot: count, because: z.string() }))
      .exactOptional()
      .describe('Slots that no host has a place for, and why.'),
  })
  .meta({ id: 'Service' });

/** All services. */
export const serviceListSchema = listOf(serviceViewSchema, 'ServiceList');

/** One line that an instance wrote. */
export const logLineSchema = z
  .strictObject({
    sequence: z.int().min(1).describe('Grows by 1 with each line of the service.'),
    time: isoTime,
    service: z.string(),
    instance: z.string(),
    stream: z.enum(['stdout', 'stderr']),
    text: z.string(),
  })
  .meta({ id: 'LogLine' });

/** Lines, oldest first. */
export const logLineListSchema = listOf(logLineSchema, 'LogLineList');
