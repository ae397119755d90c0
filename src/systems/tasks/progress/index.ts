export { type Progress, progressOf } from './progress.js';
export { TaskIndex, type TaskScope, type TaskSelection } from './task-index.js';
