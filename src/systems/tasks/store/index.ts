export { followTasks } from './follow-tasks.js';
export { cutOff, mayBeRecorded, TaskStore } from './task-store.js';
