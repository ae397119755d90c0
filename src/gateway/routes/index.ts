import type { GatewayApp, Services } from '../app.js';
import { agreementRoutes } from './agreements.js';
import { archetypeRoutes } from './archetypes.js';
import { gatewayAuditRoute, partyAuditRoute } from './audit.js';
import { dataSetRoutes } from './data-sets.js';
import { dynamosConfigurationRoutes } from './dynamos-configuration.js';
import { dynamosRequestRoutes } from './dynamos-requests.js';
import { enrolmentRoutes } from './enrolments.js';
import { issuerRoutes } from './issuer.js';
import { jobRoutes } from './jobs.js';
import { openApiRoute } from './openapi.js';
import { operationRoutes } from './operation.js';
import { pageRoutes } from './pages.js';
import { partyRoutes } from './parties.js';
import { requestTypeRoutes } from './request-types.js';
import { requestRoutes } from './requests.js';
import { serviceRoutes } from './services.js';
import { statusRoutes } from './status.js';
import { stepRoutes } from './steps.js';
import { allTaskRoutes } from './tasks/index.js';
import { queueRoutes } from './tasks/queues.js';
import { userRoutes } from './users.js';

/** Adds every route, in the order in which the documentation shows them. */
export function addRoutes(app: GatewayApp, services: Services): void {
  requestRoutes(app, services);
  jobRoutes(app, services);
  agreementRoutes(app, services);
  dataSetRoutes(app, services);
  partyRoutes(app, services);
  partyAuditRoute(app, services);
  archetypeRoutes(app, services);
  requestTypeRoutes(app, services);
  stepRoutes(app, services);
  dynamosRequestRoutes(app, services);
  dynamosConfigurationRoutes(app, services);
  if (services.tasks !== undefined) allTaskRoutes(app, services, services.tasks);
  if (services.queues !== undefined) queueRoutes(app, services.queues);
  statusRoutes(app, services);
  userRoutes(app, services);
  operationRoutes(app, services);
  const { access } = services;
  if (access.mode === 'signed-in' && access.issuer !== undefined) issuerRoutes(app, access.issuer);
  if (services.audit !== undefined) gatewayAuditRoute(app, services.audit);
  if (services.link !== undefined) enrolmentRoutes(app, services, services.link);
  if (services.runtime !== undefined) serviceRoutes(app, services, services.runtime);
  openApiRoute(app);
  pageRoutes(app, services);
}
