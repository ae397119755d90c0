import { z } from 'zod';
import { filters } from '../../../systems/tasks/index.js';
import { everyRole } from '../../access/access-rule.js';
import { apiPrefix, type GatewayApp } from '../../app.js';
import { json, operation } from '../../operation.js';
import { filterListSchema } from '../../schemas/filter.js';

/** `/filters`: what can be done to a file. */
export function filterRoute(app: GatewayApp): void {
  app.get(
    `${apiPrefix}/filters`,
    {
      schema: operation({
        id: 'listFilters',
        tag: 'Tasks',
        summary: 'List what can be done to a file',
        access: [...everyRole, 'service'],
        answers: { 200: json('All filters.', filterListSchema) },
      }),
    },
    async () => ({
      items: Object.entries(filters).map(([name, { title, parameters }]) => ({
        name,
        title,
        parameters: z.toJSONSchema(parameters, { io: 'input' }),
      })),
    }),
  );
}
