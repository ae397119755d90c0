import { z } from 'zod';
import type { AuditLog } from '../../kernel/audit/index.js';
import type { Caller } from '../../kernel/identity/index.js';
import { apiPrefix, type GatewayApp, type Services } from '../app.js';
import { json, operation } from '../operation.js';
import { auditPageSchema } from '../schemas/audit.js';
import { pageLimit } from './page-query.js';
import { byId, noSuch } from './path-names.js';

const query = z.strictObject({
  limit: pageLimit(50, 200),
  after: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Go on after this sequence: `next` of the page before.'),
});

/** `/parties/{id}/audit`: who asked what of a party's data, and what left the house. */
export function partyAuditRoute(app: GatewayApp, { exchange }: Services): void {
  app.get(
    `${apiPrefix}/parties/:id/audit`,
    {
      schema: {
        ...operation({
          id: 'readPartyAudit',
          tag: 'Parties',
          summary: 'Read who asked what of a party, and what left the house',
          description:
            'The audit log that the party’s own agent keeps. The gateway hands on who asks; the agent verifies the token and ' +
            'decides. `starling audit verify` shows whether the log is whole.',
          access: ['steward of {id}'],
          answers: { 200: json('One page of the log.', auditPageSchema) },
          problems: ['not-found', 'provider-unavailable', 'audit-broken'],
        }),
        params: byId,
        querystring: query,
      },
    },
    async ({ params: { id }, query: { limit, after }, caller }) => {
      const { parties } = exchange.catalogue();
      if (!parties.has(id)) throw noSuch('party', id, parties.keys());
      const asked = { limit, caller: caller ?? stewardInOpenMode(id) };
      return exchange.audit(id, { ...asked, ...(after === undefined ? {} : { after }) });
    },
  );
}

/** `/audit`: the gateway's own log. */
export function gatewayAuditRoute(app: GatewayApp, audit: Pick<AuditLog, 'page' | 'head' | 'keys'>): void {
  app.get(
    `${apiPrefix}/audit`,
    {
      schema: {
        ...operation({
          id: 'readAudit',
          tag: 'Operation',
          summary: 'Read the gateway’s own audit log',
          description: 'Orders that it signed, receipts that came back, and who was enrolled.',
          access: ['operator'],
          answers: { 200: json('One page of the log.', auditPageSchema) },
          problems: ['audit-broken'],
        }),
        querystring: query,
      },
    },
    async ({ query: { limit, after } }) => {
      // first the head: what is entered meanwhile may be on the page, and nothing that the head tells of is missing
      const head = await audit.head();
      const page = await audit.page({ limit, ...(after === undefined ? {} : { after }) });
      return { ...page, head, keys: audit.keys() };
    },
  );
}

/** In open mode everybody is believed to be whom it takes; agents let that pass only where they are told that it is open. */
function stewardInOpenMode(party: string): Caller {
  return { person: { id: 'somebody', roles: [`steward:${party}`] } };
}
