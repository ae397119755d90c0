export type { Problem, ProblemIssue } from './problem.js';
export type { RefusedView, RequestView, ResultView } from './request-view.js';
export { createGateway, type Gateway, type GatewayOptions } from './server.js';
