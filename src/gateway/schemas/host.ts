import { z } from 'zod';
import {
  capacitySchema,
  mostReportedChanges,
  serviceNameSchema,
  serviceSchema,
} from '../../runtime/index.js';
import { isoTime, listOf } from './shared-parts.js';

const count = z.int().min(0);
const instanceId = z.string().regex(/^[a-z0-9-]{1,80}$/, 'an id of an instance has a-z, 0-9 and - alone');
const text = z.string().max(2_000);

/** The lease that a host speaks under. */
export const hostLease = z.string().min(1).max(200).describe('As it came with the registration.');

/** An instance, as a host tells of it. */
const reportedInstance = z.strictObject({
  id: instanceId,
  service: serviceNameSchema,
  slot: count.max(1_000),
  generation: count,
  host: z.string().max(63),
  pid: z.int().exactOptional(),
  processStart: text.exactOptional(),
  state: z.enum(['starting', 'ready', 'draining', 'ended']),
  cause: text.exactOptional(),
  startedAt: isoTime,
  readyAt: isoTime.exactOptional(),
  endedAt: isoTime.exactOptional(),
  restarts: count,
  retryAt: isoTime.exactOptional(),
});

/** What a host says of itself when it comes. */
export const registrationSchema = z.strictObject({
  capacity: capacitySchema.describe('How many instances it has places for.'),
  identity: z
    .string()
    .regex(/^[\w-]{20,200}$/, '20 to 200 of A-Z, a-z, 0-9, _ and -')
    .describe('What only this host knows, and keeps: it lets it take its own place again.'),
  life: z
    .string()
    .regex(/^[\w-]{8,100}$/, '8 to 100 of A-Z, a-z, 0-9, _ and -')
    .describe('Tells this process of the host from those before and after.'),
  version: z.string().max(100),
  wallTime: z.number().describe('Its clock, in milliseconds since 1970.'),
});

/** How long a host counts as there. */
export const hostLeaseSchema = z
  .strictObject({
    lease: hostLease,
    leaseMs: z.number().describe('From when the call was sent, in milliseconds.'),
  })
  .meta({ id: 'HostLease' });

/** What has changed at a host. */
export const reportSchema = z.strictObject({
  lease: hostLease,
  sequence: z.int().min(1).describe('Grows with each report under the lease.'),
  changed: z.array(reportedInstance).max(mostReportedChanges),
  gone: z.array(z.strictObject({ service: serviceNameSchema, id: instanceId })).max(mostReportedChanges),
  leaving: z.literal(true).exactOptional().describe('It is stopping, and takes nothing new.'),
});

/** What a host is to keep. */
export const hostOrdersSchema = z
  .union([
    z.strictObject({
      removed: z.literal(false),
      services: z.array(
        z.strictObject({
          declaration: serviceSchema.extend({ name: serviceNameSchema }),
          slots: z.array(z.strictObject({ slot: count, generation: count })),
        }),
      ),
    }),
    z.strictObject({ removed: z.literal(true) }),
  ])
  .meta({ id: 'HostOrders' });

/** For which instance a host wants a token. */
export const instanceTokenBody = z.strictObject({
  lease: hostLease,
  service: serviceNameSchema,
  id: instanceId,
});

/** A token for an instance; without one nobody signs in. */
export const instanceTokenSchema = z
  .strictObject({ token: z.string().exactOptional(), ttlMs: z.number().exactOptional() })
  .meta({ id: 'InstanceToken' });

/** Lines of a service. */
export const hostLinesSchema = z.strictObject({
  lease: hostLease,
  service: serviceNameSchema,
  lines: z
    .array(
      z.strictObject({
        sequence: count,
        time: isoTime,
        instance: instanceId,
        stream: z.enum(['stdout', 'stderr']),
        text: z.string().max(20_000),
      }),
    )
    .max(2_000),
});

/** A host, as operators see it. */
export const hostSchema = z
  .strictObject({
    name: z.string(),
    state: z
      .enum(['open', 'drained', 'leaving', 'gone'])
      .describe('`drained`: gives away what it has. `leaving`: it stops. `gone`: nothing is heard of it.'),
    because: z.string().describe('Why it is drained, or is not any more.'),
    capacity: z.int().exactOptional().describe('Places for instances; absent where it is gone.'),
    version: z.string().exactOptional(),
    since: isoTime.exactOptional(),
    assigned: count.describe('How many instances it is to keep.'),
    instances: z.array(
      z.strictObject({
        service: z.string(),
        id: z.string(),
        slot: count,
        state: reportedInstance.shape.state,
      }),
    ),
  })
  .meta({ id: 'Host' });

/** All hosts. */
export const hostListSchema = listOf(hostSchema, 'HostList');
