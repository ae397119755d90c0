export { applyTask, hasEnded } from './apply-task.js';
export { stateAsOf, taskAsOf } from './as-of.js';
export type { StoredFile, Task, TaskCommand, TaskEvent, TaskFilter, TaskState } from './task.js';
export { taskStates } from './task.js';
