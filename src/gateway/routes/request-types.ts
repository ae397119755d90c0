import { builtInRequestTypes, requestType } from '../../systems/exchange/model/index.js';
import { operatorsWrite } from '../access/access-rule.js';
import type { GatewayApp, Services } from '../app.js';
import { configurationRoutes } from './configuration-object.js';
import { removalRoute } from './removal-route.js';

/** `/request-types`: which steps a kind of request always has, and which it may have. */
export function requestTypeRoutes(app: GatewayApp, services: Services): void {
  const options = {
    kind: 'requestTypes',
    tag: 'Configuration',
    path: 'request-types',
    parameter: 'name',
    component: 'RequestType',
    schema: requestType,
    bodies: {
      sqlDataRequest: { summary: 'SQL over a data set', value: builtInRequestTypes.sqlDataRequest },
    },
    effect: 'A required step always runs; an optional one where the request or an agreement asks for it.',
    access: operatorsWrite,
  } as const;
  configurationRoutes(app, services, options);
  removalRoute(app, services, options);
}
