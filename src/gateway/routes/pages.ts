import type { FastifyReply } from 'fastify';
import { publicPage } from '../access/route-access.js';
import type { GatewayApp, Services } from '../app.js';
import { errorsPage } from '../pages/errors-page.js';
import { landingPage } from '../pages/landing-page.js';
import { styleHash } from '../pages/page.js';
import { pagePolicy } from '../security-headers.js';
import { partyViews } from './parties.js';

/** `/` and `/docs/errors`, for people. */
export function pageRoutes(app: GatewayApp, { exchange, version }: Services): void {
  app.get('/', { schema: publicPage }, async (request, reply) => {
    const url = `http://${request.headers.host}`;
    const dataSets = exchange.dataSets();
    return sendPage(reply, landingPage({ parties: partyViews(exchange), dataSets, version, url }));
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
