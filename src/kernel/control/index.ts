export { type Backoff, type BackoffOptions, backoffDelay, validateBackoff } from './backoff.js';
export {
  type Controller,
  type ControllerOptions,
  type ControllerStatus,
  createController,
  type FailingKey,
  type Reconcile,
  type ReconcileContext,
  type Result,
} from './controller.js';
export { Follower, type FollowOptions } from './follower.js';
export { type KeepLeaseOptions, type KeptLease, keepLease } from './kept-lease.js';
export {
  holdLeadership,
  type Lead,
  type Leadership,
  type LeadershipOptions,
  leadersPrefix,
} from './leadership.js';
export { TerminalError } from './terminal-error.js';
export { watchInto } from './watch-into.js';
