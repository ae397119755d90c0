export type { Held, Note } from './held.js';
export { InHand } from './in-hand.js';
export { type KeepRightParts, keepRight } from './keep-right.js';
export { forgetProcess, unclosedProcesses } from './keys.js';
export { openedInto } from './past.js';
export { KnownTasks, putAllRight } from './put-all-right.js';
