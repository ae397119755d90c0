import type { Caller } from '../../kernel/identity/index.js';
import type { DataSetOffer } from '../../systems/exchange/index.js';
import { everyRole, stewardedParties } from '../access/access-rule.js';
import { apiPrefix, type GatewayApp, type Services } from '../app.js';
import { json, operation } from '../operation.js';
import { dataSetListSchema, dataSetSchema } from '../schemas/data-set.js';
import { byName, noSuch } from './path-names.js';

/** `/data-sets`: what may be asked, of whom, and by whom. */
export function dataSetRoutes(app: GatewayApp, { exchange }: Services): void {
  const path = `${apiPrefix}/data-sets`;

  app.get(
    path,
    {
      schema: operation({
        id: 'listDataSets',
        tag: 'Data sets',
        summary: 'List all data sets',
        access: everyRole,
        description:
          'What may be asked of each, which providers offer it, and whom their agreements let ask.',
        answers: { 200: json('All data sets.', dataSetListSchema) },
      }),
    },
    async ({ caller }) => ({ items: exchange.dataSets().map((offer) => visibleOffer(offer, caller)) }),
  );

  app.get(
    `${path}/:name`,
    {
      schema: {
        ...operation({
          id: 'readDataSet',
          tag: 'Data sets',
          summary: 'Read one data set',
          access: everyRole,
          answers: { 200: json('The data set.', dataSetSchema) },
          problems: ['not-found'],
        }),
        params: byName,
      },
    },
    async (request) => {
      const { name } = request.params;
      const all = exchange.dataSets();
      const found = all.find((one) => one.name === name);
      if (found !== undefined) return visibleOffer(found, request.caller);
      throw noSuch(
        'data set',
        name,
        all.map((one) => one.name),
      );
    },
  );
}

/**
 * Of a party's own affairs – whom else its agreement lets ask, and which lines of its files were rejected and why – only its
 * stewards and operators are told.
 */
function visibleOffer(offer: DataSetOffer, caller: Caller | undefined): DataSetOffer {
  if (caller === undefined || caller.person.roles.includes('operator')) return offer;
  const { id, roles } = caller.person;
  const own = stewardedParties(roles);
  const providers = offer.providers.map((provider) => {
    if (own.includes(provider.party)) return provider;
    const { error: _error, ...others } = provider;
    return {
      ...others,
      tables: provider.tables.map((table) => ({ ...table, rejects: [] })),
      requesters: provider.requesters.filter(({ user }) => user === id),
    };
  });
  return { ...offer, providers };
}
