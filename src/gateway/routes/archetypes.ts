import { archetype, builtInArchetypes } from '../../systems/exchange/model/index.js';
import { operatorsWrite } from '../access/access-rule.js';
import type { GatewayApp, Services } from '../app.js';
import { configurationRoutes, removalRoute } from './configuration-object.js';

/** `/archetypes`: patterns of who computes and who releases what. */
export function archetypeRoutes(app: GatewayApp, services: Services): void {
  const options = {
    kind: 'archetypes',
    tag: 'Configuration',
    path: 'archetypes',
    parameter: 'name',
    component: 'Archetype',
    schema: archetype,
    bodies: {
      federatedAggregate: {
        summary: 'Partial figures, merged by a third party',
        value: builtInArchetypes.federatedAggregate,
      },
      computeToData: {
        summary: 'Each provider computes its own answer',
        value: builtInArchetypes.computeToData,
      },
    },
    effect: 'Of the archetypes that every provider allows, the one with the highest weight is taken.',
    access: operatorsWrite,
  } as const;
  configurationRoutes(app, services, options);
  removalRoute(app, services, options);
}
