import { z } from 'zod';
import { publicKeySchema } from '../../kernel/identity/index.js';
import type { Enrolment } from '../../systems/exchange/link/index.js';
import { partyId } from '../../systems/exchange/model/index.js';
import { isoTime } from './shared-parts.js';

/** What an agent sends to enrol. */
export const redemptionSchema = z
  .strictObject({
    party: partyId,
    secret: z.string().min(32).max(200).describe('The secret of its one-time token.'),
    publicKey: publicKeySchema.describe('Its key, which the gateway pins.'),
    proof: z.string().min(1).max(4_096).describe('Signed with the key: that the agent holds it.'),
  })
  .meta({ id: 'Redemption' });

/** What the gateway answers to it. */
export const welcomeSchema = z
  .strictObject({
    enrolled: z.string().describe('The gateway’s key, signed by it and bound to the enrolment.'),
  })
  .meta({ id: 'Enrolled' });

/** An invitation of an agent. */
export const invitationSchema = z
  .strictObject({ token: z.string().describe('Counts once: hand it on secretly.'), expiresAt: isoTime })
  .meta({ id: 'Invitation' });

/** Who is enrolled at the gateway, and who is invited. */
export const enrolmentsSchema = z
  .strictObject({
    items: z.array(
      z.strictObject({
        party: z.string(),
        key: z.string().exactOptional().describe('The thumbprint of its key, where it is enrolled.'),
        since: isoTime.exactOptional().describe('When it enrolled.'),
        invitedUntil: isoTime.exactOptional().describe('Until when its open invitation counts.'),
      }) satisfies z.ZodType<Enrolment>,
    ),
  })
  .meta({ id: 'Enrolments' });
