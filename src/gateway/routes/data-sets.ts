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
        description:
          'What may be asked of each, which providers offer it, and whom their agreements let ask.',
        answers: { 200: json('All data sets.', dataSetListSchema) },
      }),
    },
    async () => ({ items: exchange.dataSets() }),
  );

  app.get(
    `${path}/:name`,
    {
      schema: {
        ...operation({
          id: 'readDataSet',
          tag: 'Data sets',
          summary: 'Read one data set',
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
      if (found !== undefined) return found;
      throw noSuch(
        'data set',
        name,
        all.map((one) => one.name),
      );
    },
  );
}
