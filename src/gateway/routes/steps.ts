import { builtInSteps, step } from '../../systems/exchange/model/index.js';
import { operatorsWrite } from '../access/access-rule.js';
import type { GatewayApp, Services } from '../app.js';
import { configurationRoutes } from './configuration-object.js';
import { removalRoute } from './removal-route.js';

/** `/steps`: the operations that chains are composed of. */
export function stepRoutes(app: GatewayApp, services: Services): void {
  const options = {
    kind: 'steps',
    tag: 'Configuration',
    path: 'steps',
    parameter: 'name',
    component: 'Step',
    schema: step,
    bodies: { anonymize: { summary: 'A built-in step', value: builtInSteps['sql-anonymize'] } },
    effect: 'Says where a step belongs, and which steps may come directly after it.',
    access: operatorsWrite,
  } as const;
  configurationRoutes(app, services, options);
  removalRoute(app, services, options);
}
