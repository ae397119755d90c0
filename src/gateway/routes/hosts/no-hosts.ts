import { StarlingError } from '../../../kernel/errors/index.js';
import { publicPage } from '../../access/route-access.js';
import { apiPrefix, type GatewayApp } from '../../app.js';

/** Tells hosts, and whoever asks for them, that none come here. */
export function noHostRoutes(app: GatewayApp): void {
  for (const url of [`${apiPrefix}/hosts`, `${apiPrefix}/hosts/*`])
    app.all(url, { schema: publicPage }, () => {
      throw new StarlingError(
        'not-found',
        'No hosts come to this gateway: its services run on its own machine. Start it with `--services hosts`, or a consortium with `starling up --hosts N`.',
      );
    });
}
