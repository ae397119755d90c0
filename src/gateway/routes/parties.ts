import type { Caller } from '../../kernel/identity/index.js';
import { unknownNames } from '../../systems/exchange/configuration/index.js';
import type { AgentStatus, Exchange } from '../../systems/exchange/index.js';
import type { Party } from '../../systems/exchange/model/index.js';
import { everyRole, mayUse } from '../access/access-rule.js';
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
    async ({ caller }) => ({ items: partyViews(exchange, caller) }),
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
            'With what its agent tells of itself: its data sets; and to its stewards and operators what went wrong with them, its runs, ' +
            'and what is weaker than it should be.',
          answers: { 200: json('The party.', partySchema) },
          problems: ['not-found'],
        }),
        params: byId,
      },
    },
    async (request) => {
      const { id } = request.params;
      const all = partyViews(exchange, request.caller);
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
  readonly agent?: AgentView;
}

/** What is shown of an agent. */
export interface AgentView extends Pick<AgentStatus, 'party' | 'online'> {
  /** ISO 8601, UTC. */
  readonly since?: string;
  readonly agreementVersion?: number;
  readonly unknownInAgreement?: readonly string[];
  readonly dataSets: readonly object[];
  readonly runs?: AgentStatus['runs'];
  readonly weaknesses?: AgentStatus['weaknesses'];
}

/** All parties, by id, as the caller sees them. */
export function partyViews(
  exchange: Pick<Exchange, 'agents' | 'catalogue'>,
  caller: Caller | undefined = undefined,
): PartyView[] {
  const agents = new Map(exchange.agents().map((status) => [status.party, status]));
  return [...exchange.catalogue().parties]
    .map(([id, { value }]) => {
      const status = agents.get(id);
      return {
        id,
        ...value,
        ...(status === undefined ? {} : { agent: agentView(status, exchange, caller) }),
      };
    })
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** What is wrong inside a party's house is for those who look after it, and where its files are is nobody else's business. */
function agentView(
  status: AgentStatus,
  exchange: Pick<Exchange, 'catalogue'>,
  caller: Caller | undefined,
): AgentView {
  const { party, online, connection, agreement, runs, weaknesses } = status;
  const all = caller === undefined || mayUse(['operator', 'steward of {id}'], caller.person, { id: party });
  const unknownInAgreement = all ? unknownNames(exchange.catalogue(), party) : [];
  const dataSets = status.dataSets.map(({ name, state, imported, error }) => {
    const { file: _file, ...report } = imported ?? { file: undefined };
    return {
      name,
      state,
      ...(imported === undefined || !all ? {} : { imported: report }),
      ...(error === undefined || !all ? {} : { error: publicError(error) }),
    };
  });
  return {
    party,
    online,
    ...(connection === undefined ? {} : { since: new Date(connection.since).toISOString() }),
    ...(agreement === undefined ? {} : { agreementVersion: agreement.version }),
    ...(unknownInAgreement.length === 0 ? {} : { unknownInAgreement }),
    dataSets,
    ...(all ? { runs, weaknesses } : {}),
  };
}
