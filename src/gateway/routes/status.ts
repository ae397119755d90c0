import { clockToleranceMs } from '../../kernel/identity/index.js';
import type { AgentStatus } from '../../systems/exchange/index.js';
import { type Catalogue, catalogueKinds } from '../../systems/exchange/model/index.js';
import { apiPrefix, type GatewayApp, type Services } from '../app.js';
import { json, operation } from '../operation.js';
import { statusSchema } from '../schemas/status.js';
import { missingAgents } from './missing-agents.js';
import { partyViews } from './parties.js';

/** `/status`: how the gateway is. */
export function statusRoutes(app: GatewayApp, services: Services): void {
  const { exchange, access, clock, version, storage, startedAt, openRequests, url, certificate } = services;
  const { engines, gateways } = services;
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
      const agents = exchange.agents();
      const parties = partyViews(exchange).map(({ id, name, agent }) => ({
        id,
        name,
        ...(agent === undefined ? {} : { online: agent.online }),
        ...(agent?.since === undefined ? {} : { since: agent.since }),
        ...clockDifference(agents, id),
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
        ...(engines === undefined ? {} : { engines: await engines() }),
        ...(gateways === undefined ? {} : { gateways: gatewayViews(gateways) }),
        memory: { residentBytes: process.memoryUsage.rss() },
        parties,
        requests: { running: openRequests.running },
        jobs: { live: await exchange.liveJobs() },
        warnings: [...clockWarnings(agents), ...missingAgents(gateways?.all() ?? [])],
        revision: newestRevision(exchange.catalogue()),
      };
    },
  );
}

function gatewayViews(gateways: NonNullable<Services['gateways']>) {
  return gateways.all().map(({ id, url, version, startedAt, agents }) => ({
    ...{ id, url, version, startedAt },
    isThis: id === gateways.self.id,
    ...(agents === undefined ? {} : { agents }),
  }));
}

function clockDifference(agents: readonly AgentStatus[], party: string): { clockDifferenceMs?: number } {
  const clockDifferenceMs = agents.find((agent) => agent.party === party)?.connection?.clockDifferenceMs;
  return clockDifferenceMs === undefined ? {} : { clockDifferenceMs };
}

/** Agents whose clocks are more than half way to where they are refused (`clock-skewed`). */
function clockWarnings(agents: readonly AgentStatus[]) {
  return agents.flatMap(({ party, connection: { clockDifferenceMs: ms = 0 } = { since: 0 } }) => {
    if (Math.abs(ms) <= clockToleranceMs / 2) return [];
    const message = `The clock of the agent of ${party} is ${Math.abs(ms) / 1000} s ${ms > 0 ? 'ahead of' : 'behind'} the gateway's; from ${clockToleranceMs / 1000} s on it is not let in. Set the clock that is wrong.`;
    return [{ code: 'clock-skewed' as const, party, message }];
  });
}

function newestRevision(catalogue: Catalogue): number {
  const revisions = catalogueKinds.flatMap((kind) =>
    [...catalogue[kind].values()].map(({ revision }) => revision),
  );
  return revisions.reduce((newest, revision) => Math.max(newest, revision), 0);
}
