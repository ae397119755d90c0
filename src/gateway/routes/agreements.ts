import type { Caller } from '../../kernel/identity/index.js';
import { agreement } from '../../systems/exchange/model/index.js';
import { stewardedParties } from '../access/access-rule.js';
import type { GatewayApp, Services } from '../app.js';
import { configurationRoutes, removalRoute } from './configuration-object.js';

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
    // an agreement is its provider's own: the operator may read it, and not write it
    access: {
      list: ['steward', 'operator'],
      read: ['steward of {party}', 'operator'],
      write: ['steward of {party}'],
      lists: mayRead,
    },
  } as const;
  configurationRoutes(app, services, options);
  removalRoute(app, services, options);
}

function mayRead(party: string, caller: Caller | undefined): boolean {
  if (caller === undefined) return true;
  const { roles } = caller.person;
  return roles.includes('operator') || stewardedParties(roles).includes(party);
}
