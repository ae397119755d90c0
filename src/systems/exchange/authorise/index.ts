export { authorisePlan, type Grant } from './authorise.js';
export { columnName, type Origin, type Source } from './origin.js';
export { type PlanError, type PlanNode, parsePlan, planError } from './plan.js';
export type { Refusal } from './refusals.js';
export { Refusals } from './refusals.js';
export { checkRelease, type Declared, type ReleasePlan } from './release.js';
export type { Alike, ResolvedPlan } from './resolve.js';
export type { Scan } from './scan.js';
