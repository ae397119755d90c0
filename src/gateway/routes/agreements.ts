import { z } from 'zod';
import type { Caller } from '../../kernel/identity/index.js';
import { type Agreement, agreement, partyId } from '../../systems/exchange/model/index.js';
import { stewardedParties } from '../access/access-rule.js';
import { apiPrefix, type GatewayApp, type Services } from '../app.js';
import { json, operation } from '../operation.js';
import { agreementDryRunSchema } from '../schemas/agreement-dry-run.js';
import { configurationRoutes } from './configuration-object.js';
import { removalRoute } from './removal-route.js';

const example = {
  title: 'Agreement of VU',
  relations: {
    'ada@university.example': {
      requestTypes: ['sqlDataRequest'],
      dataSets: {
        wageGap: {
          columns: {
            Personen: ['Unieknr', 'Geslacht', 'Peildat'],
            Aanstellingen: ['Unieknr', 'Peildat', 'Salschal'],
          },
        },
      },
      archetypes: ['computeToData', 'federatedAggregate'],
      computeProviders: ['SURF'],
      output: { form: 'aggregates', minimumGroupSize: 10 },
      limits: { timeSeconds: 60, jobHours: 24 },
      expires: '2035-12-31',
    },
  },
  denied: { 'mallory@university.example': 'The earlier results were published without consent.' },
} as const;

/** Who may do what with agreements: one is its provider's own, so that the operator may read it, and not write it. */
export const agreementAccess = {
  list: ['steward', 'operator'],
  read: ['steward of {party}', 'operator'],
  write: ['steward of {party}'],
  lists: mayRead,
} as const;

/** `/agreements`: what each data provider allows, and whom. */
export function agreementRoutes(app: GatewayApp, services: Services): void {
  const options = {
    kind: 'agreements',
    tag: 'Agreements',
    path: 'agreements',
    parameter: 'party',
    component: 'Agreement',
    schema: agreement,
    bodies: {
      one: { summary: 'One relation, and one person who is denied', value: example },
      nothing: { summary: 'An agreement that allows nothing', value: { relations: {} } },
    },
    effect:
      'Replaces the whole agreement of a data provider. Jobs that rest on it are checked again at once, and revoked ' +
      'where it no longer allows them. The configuration file does not overwrite it any more.',
    access: agreementAccess,
  } as const;
  const value = configurationRoutes(app, services, options);
  removalRoute(app, services, options);
  dryRunRoute(app, services, value);
}

function dryRunRoute(app: GatewayApp, { exchange }: Services, value: z.ZodType<Agreement>): void {
  app.post(
    `${apiPrefix}/agreements/:party/dry-run`,
    {
      schema: {
        ...operation({
          id: 'dryRunAgreement',
          tag: 'Agreements',
          summary: 'See what a change of an agreement would touch',
          access: ['steward of {party}'],
          description:
            'Which requesters, live jobs and data sets it would touch to put this agreement in force, and how. Changes nothing. ' +
            'An agreement without relations shows what its removal would touch.',
          answers: { 200: json('What it would touch.', agreementDryRunSchema) },
          problems: ['unknown-party', 'input-too-large', 'media-type-unsupported'],
          bodies: {
            one: { summary: 'One relation, and one person who is denied', value: example },
            nothing: { summary: 'An agreement that allows nothing', value: { relations: {} } },
          },
        }),
        params: z.strictObject({ party: partyId }),
        body: value,
      },
    },
    async (request) => exchange.agreementDryRun(request.params.party, request.body),
  );
}

function mayRead(party: string, caller: Caller | undefined): boolean {
  if (caller === undefined) return true;
  const { roles } = caller.person;
  return roles.includes('operator') || stewardedParties(roles).includes(party);
}
