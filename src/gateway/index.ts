export type { GatewayAccess, ServedIssuer } from './access/gateway-access.js';
export type { RateLimits } from './access/sign-in.js';
export type { AgentLink } from './app.js';
export type { DrainOptions } from './draining.js';
export type { Gateway, GatewayOptions } from './gateway-options.js';
export type { Problem, ProblemIssue } from './problem.js';
export type { RefusedView, RequestView, ResultView } from './request-view.js';
export type { EngineView } from './schemas/status.js';
export { createGateway } from './server.js';
