import { z } from 'zod';
import { publicKeySchema } from '../../kernel/identity/index.js';
import { isoTime } from './shared-parts.js';

const entry = z
  .strictObject({
    sequence: z.int().min(1).describe('From 1, without gaps.'),
    at: isoTime,
    type: z.string().describe('What kind of thing it was, such as order-refused.'),
    data: z.unknown().describe('What is to be known of it; depends on the type.'),
    previous: z.string().describe('The hash of the entry before it.'),
    hash: z
      .string()
      .describe('SHA-256 over the canonical JSON of the entry without this member, in base64url.'),
  })
  .meta({ id: 'AuditEntry' });

/** One page of a log, with what it is verified by. */
export const auditPageSchema = z
  .strictObject({
    items: z.array(entry).describe('Oldest first.'),
    next: z.int().min(1).exactOptional().describe('Pass it as `after` to read on; absent on the last page.'),
    head: z
      .string()
      .describe('The newest entry’s sequence and hash, signed by whose log it is (a compact JWS).'),
    keys: z.array(publicKeySchema).describe('The keys that it signs and signed with, the one of now first.'),
  })
  .meta({ id: 'AuditPage' });
