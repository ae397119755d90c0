export {
  type AgentConnection,
  type ConnectAgentOptions,
  type ConnectionStatus,
  connectAgent,
} from './agent-end/connect-agent.js';
export {
  connectToGateways,
  type GatewayConnections,
  type GatewaysStatus,
} from './agent-end/connect-to-gateways.js';
export { type Enrolled, type EnrolOptions, enrol, enrolmentPath } from './enrolment/enrol.js';
export { type EnrolmentToken, parseEnrolmentToken } from './enrolment/enrolment-token.js';
export type { Enrolment, Enrolments } from './enrolment/enrolments.js';
export { readPinnedKeys } from './enrolment/pins.js';
export { signRedemption } from './enrolment/redemption.js';
export { type LinkServer, type LinkServerOptions, openLinkServer } from './gateway-end/link-server.js';
export type { LinkKey } from './handshake/link-key.js';
export { linkPath } from './wire/limits.js';
