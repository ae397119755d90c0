import type { FastifyReply } from 'fastify';
import { publicPage } from '../access/route-access.js';
import type { GatewayApp, Services } from '../app.js';
import { errorsPage } from '../pages/errors-page.js';
import { landingPage } from '../pages/landing-page.js';
import { styleHash } from '../pages/page.js';
import { pagePolicy } from '../security-headers.js';
import { partyViews } from './parties.js';

/** `/` and `/docs/errors`, for people. */
export function pageRoutes(app: GatewayApp, { exchange, access, version }: Services): void {
  app.get('/', { schema: publicPage }, async (request, reply) => {
    const url = `${request.protocol}://${request.headers.host}`;
    // who takes part, and with what, is for those who are signed in
    const consortium =
      access.mode === 'open' ? { parties: partyViews(exchange), dataSets: exchange.dataSets() } : undefined;
    return sendPage(
      reply,
      landingPage({ ...(consortium === undefined ? {} : { consortium }), version, url }),
    );
  });
  app.get('/docs/errors', { schema: publicPage }, async (_request, reply) => sendPage(reply, errorsPage()));
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': pagePolicy(styleHash),
    })
    .send(page);
}
