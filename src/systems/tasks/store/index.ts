export { followTasks } from './follow-tasks.js';
export { TaskStore } from './task-store.js';
