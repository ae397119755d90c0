import type { GatewayApp, ServedHosts, Services } from '../../app.js';
import { deskRoutes } from './desk.js';
import { hostRoutes } from './hosts.js';
import { noHostRoutes } from './no-hosts.js';

/** Adds the routes of hosts, and those for whoever looks after them; or what is said where there are none. */
export function allHostRoutes(app: GatewayApp, services: Services, served: ServedHosts | undefined): void {
  if (served === undefined) {
    noHostRoutes(app);
    return;
  }
  hostRoutes(app, served.hosts);
  deskRoutes(app, services, served.desk);
}
