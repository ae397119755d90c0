import { apiPrefix, type GatewayApp, type Services } from '../app.js';
import { json, operation } from '../operation.js';
import { statusSchema } from '../schemas/status.js';
import { partyViews } from './parties.js';

/** `/status`: how the gateway is. */
export function statusRoutes(app: GatewayApp, services: Services): void {
  const { exchange, access, clock, version, storage, startedAt, openRequests, url, certificate } = services;
  app.get(
    `${apiPrefix}/status`,
    {
      schema: operation({
        id: 'readStatus',
        tag: 'Operation',
        summary: 'Read how the gateway is',
        access: ['operator'],
        answers: { 200: json('How it is.', statusSchema) },
      }),
    },
    async () => {
      const parties = partyViews(exchange).map(({ id, name, agent }) => ({
        id,
        name,
        ...(agent === undefined ? {} : { online: agent.online }),
        ...(agent?.agreementVersion === undefined ? {} : { agreementVersion: agent.agreementVersion }),
        ...(agent?.unknownInAgreement === undefined ? {} : { unknownInAgreement: agent.unknownInAgreement }),
      }));
      return {
        version,
        access: access.mode,
        url: url(),
        ...(certificate === undefined ? {} : { certificate: certificate() }),
        startedAt: new Date(startedAt.wallTime).toISOString(),
        uptimeSeconds: Math.round(clock.now() - startedAt.now) / 1000,
        ...(storage === undefined ? {} : { storage }),
        memory: { residentBytes: process.memoryUsage.rss() },
        parties,
        requests: { running: openRequests.running },
        revision: newestRevision(Object.values(exchange.catalogue())),
      };
    },
  );
}

function newestRevision(kinds: readonly ReadonlyMap<string, { readonly revision: number }>[]): number {
  const revisions = kinds.flatMap((entries) => [...entries.values()].map((entry) => entry.revision));
  return revisions.reduce((newest, revision) => Math.max(newest, revision), 0);
}
