import type { components } from './api.js';

export { answerOf, type Called } from './answer-of.js';
export type { components, paths } from './api.js';
export type { RequestEvent } from './events-after.js';
export type { FollowOptions } from './follow-request.js';
export { type ErrorCode, StarlingProblem } from './problem.js';
export {
  type AskOptions,
  createStarling,
  type ListOptions,
  type Starling,
  type StarlingOptions,
} from './starling.js';

/** What operations take and answer with, by name: `Schemas['RequestBody']`. */
export type Schemas = components['schemas'];
