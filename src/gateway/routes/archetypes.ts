import { dynamosArchetype } from '../../systems/exchange/dynamos/index.js';
import { archetype, builtInArchetypes } from '../../systems/exchange/model/index.js';
import { operatorsWrite } from '../access/access-rule.js';
import type { GatewayApp, Services } from '../app.js';
import { objectParts, readingRoutes, writingRoute } from './configuration-object.js';
import { dynamosChanges } from './dynamos-changes.js';
import { removalRoute } from './removal-route.js';

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
    effect:
      'Of the archetypes that every provider allows, the one with the highest weight is taken. A body in the form of DYNAMOS ' +
      'is taken too: it says its own name, and its weight changes its sign.',
    access: operatorsWrite,
    otherForm: {
      // strict: what is neither of the two is told what it lacks of ours
      schema: dynamosArchetype.strict(),
      put: dynamosChanges(services.exchange).archetype,
      answer: { type: 'text/plain', body: 'OK' },
    },
  } as const;
  const parts = objectParts(services.exchange, options);
  // clients of DYNAMOS read the same paths in another form
  if (services.compatibility.dynamos !== true) readingRoutes(app, services, options, parts);
  writingRoute(app, services, options, parts);
  removalRoute(app, services, options);
}
