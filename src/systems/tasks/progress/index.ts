export { type Progress, progressOf } from './progress.js';
export { TaskIndex, type TaskSelection } from './task-index.js';
