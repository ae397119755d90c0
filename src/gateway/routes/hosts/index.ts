import type { GatewayApp, ServedHosts, Services } from '../../app.js';
import { deskRoutes } from './desk.js';
import { hostRoutes } from './hosts.js';

/** Adds the routes of hosts, and those for whoever looks after them. */
export function allHostRoutes(app: GatewayApp, services: Services, { hosts, desk }: ServedHosts): void {
  hostRoutes(app, hosts);
  deskRoutes(app, services, desk);
}
