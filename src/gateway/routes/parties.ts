import type { AgentStatus, Exchange } from '../../systems/exchange/index.js';
import type { Party } from '../../systems/exchange/model/index.js';
import { everyRole } from '../access/access-rule.js';
import { apiPrefix, type GatewayApp, type Services } from '../app.js';
import { json, operation } from '../operation.js';
import { publicError } from '../problem.js';
import { partyListSchema, partySchema } from '../schemas/party.js';
import { byId, noSuch } from './path-names.js';

/** `/parties`: the organisations that take part, and whether their agents are there. */
export function partyRoutes(app: GatewayApp, { exchange }: Services): void {
  const path = `${apiPrefix}/parties`;

  app.get(
    path,
    {
      schema: operation({
        id: 'listParties',
        tag: 'Parties',
        summary: 'List all parties',
        access: everyRole,
        answers: { 200: json('All parties, by id.', partyListSchema) },
      }),
    },
    async () => ({ items: partyViews(exchange) }),
  );

  app.get(
    `${path}/:id`,
    {
      schema: {
        ...operation({
          id: 'readParty',
          tag: 'Parties',
          summary: 'Read one party',
          access: everyRole,
          description:
            'With what its agent tells of itself: its data sets, its runs, and what is weaker than it should be.',
          answers: { 200: json('The party.', partySchema) },
          problems: ['not-found'],
        }),
        params: byId,
      },
    },
    async (request) => {
      const { id } = request.params;
      const all = partyViews(exchange);
      const found = all.find((party) => party.id === id);
      if (found !== undefined) return found;
      throw noSuch(
        'party',
        id,
        all.map((party) => party.id),
      );
    },
  );
}

/** A party with what its agent tells of itself. */
export interface PartyView extends Party {
  readonly id: string;
  readonly agent?: object & Pick<AgentStatus, 'online'>;
}

/** All parties, by id. */
export function partyViews(exchange: Pick<Exchange, 'agents' | 'catalogue'>): PartyView[] {
  const agents = new Map(exchange.agents().map((status) => [status.party, status]));
  return [...exchange.catalogue().parties]
    .map(([id, { value }]) => {
      const status = agents.get(id);
      return { id, ...value, ...(status === undefined ? {} : { agent: agentView(status) }) };
    })
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Where files are is nobody's business but the agent's. */
function agentView(status: AgentStatus) {
  const dataSets = status.dataSets.map(({ name, state, imported, error }) => {
    const { file: _file, ...report } = imported ?? { file: undefined };
    return {
      name,
      state,
      ...(imported === undefined ? {} : { imported: report }),
      ...(error === undefined ? {} : { error: publicError(error) }),
    };
  });
  return { ...status, dataSets };
}
