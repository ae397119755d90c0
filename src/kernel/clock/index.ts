export type { Clock, Timer } from './clock.js';
export { ManualClock } from './manual-clock.js';
export { rest } from './rest.js';
export { systemClock } from './system-clock.js';
