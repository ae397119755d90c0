import { z } from 'zod';
import { StarlingError } from '../../kernel/errors/index.js';
import { type CatalogueKind, catalogueKindTitles } from '../../systems/exchange/model/index.js';
import { apiPrefix, type GatewayApp, type Services } from '../app.js';
import { operation } from '../operation.js';
import { expectedRevision } from '../preconditions.js';
import {
  type ConfigurationRoutesOptions,
  changeBy,
  conditions,
  writeProblems,
} from './configuration-object.js';
import { noSuch } from './path-names.js';

/** The route that removes one object of a kind. */
export function removalRoute<Kind extends CatalogueKind>(
  app: GatewayApp,
  { exchange }: Services,
  options: ConfigurationRoutesOptions<Kind>,
): void {
  const { kind, tag, parameter, component } = options;
  const title = catalogueKindTitles[kind];
  app.delete(
    `${apiPrefix}/${options.path}/:${parameter}`,
    {
      schema: {
        ...operation({
          id: `remove${component}`,
          tag,
          summary: `Remove one ${title}`,
          access: options.access.write,
          description: 'Jobs that rest on it are checked again at once.',
          answers: { 204: z.null().describe(`The ${title} is removed.`) },
          problems: ['not-found', ...writeProblems],
        }),
        params: z.strictObject({ [parameter]: z.string().min(1).max(200) }),
        headers: conditions,
      },
    },
    async (request, reply) => {
      const name = String(request.params[parameter]);
      const entries = exchange.catalogue()[kind];
      if (!entries.has(name)) throw noSuch(title, name, entries.keys());
      const ifRevision = expectedRevision(request.headers, entries.get(name)?.revision);
      if (ifRevision === 0) {
        throw new StarlingError(
          'input-invalid',
          'If-None-Match: * has no meaning for a removal. Leave it out.',
        );
      }
      await exchange.removeObject(kind, name, changeBy(request.caller, ifRevision));
      return reply.status(204).send();
    },
  );
}
