import { z } from 'zod';
import type { AgentAudit, AgreementChange, AuditQuery, SignedAgreement } from '../../agent/agent.js';
import { agreement } from '../../model/agreement.js';
import { partyId, userId } from '../../model/names.js';
import type { Order } from '../../order/index.js';
import { partials } from './outcome-values.js';
import { count, jws, publicKey, text } from './plain-values.js';

/** An order with its inputs. */
export const order: z.ZodType<Order> = z.strictObject({
  signed: jws,
  inputs: z.array(partials),
  traceparent: text.max(256).exactOptional(),
});

const role = z.union([
  z.enum(['requester', 'operator']),
  z.templateLiteral(['steward:', partyId]),
  z.templateLiteral(['service:', z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)]),
]);

const caller = z.strictObject({
  person: z.strictObject({
    id: userId,
    name: text.max(500).exactOptional(),
    roles: z.array(role).max(1000),
    issuer: text.max(2000).exactOptional(),
  }),
  token: text.max(16_384).exactOptional(),
});

/** A change of an agreement that somebody asks for. */
export const agreementChange: z.ZodType<AgreementChange> = z.strictObject({
  agreement: agreement.nullable(),
  ifVersion: count.exactOptional(),
  caller,
});

/** What somebody wants to read of an audit log. */
export const auditQuery: z.ZodType<AuditQuery> = z.strictObject({
  limit: z.int().min(1).max(10_000),
  after: count.exactOptional(),
  caller,
});

/** An agreement as its party signed it; whoever relies on it verifies the signature. */
export const signedAgreement: z.ZodType<SignedAgreement> = z.looseObject({
  party: partyId,
  version: count,
  agreement: agreement.nullable(),
  signedAt: text,
  changedBy: text.exactOptional(),
  signed: jws,
});

/** A page of an audit log. */
export const agentAudit: z.ZodType<AgentAudit> = z.looseObject({
  items: z.array(
    z.strictObject({
      sequence: count,
      at: text,
      type: text,
      data: z.json(),
      previous: text,
      hash: text,
    }),
  ),
  next: count.exactOptional(),
  head: jws,
  keys: z.array(publicKey),
});
