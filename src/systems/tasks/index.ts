export { openPhotos, type PhotoFile, type Photos, type PhotoTask } from './compat.js';
export { checkFilter, filters } from './filters/index.js';
export { type OpenTasksOptions, openTasks } from './open-tasks.js';
export type { Progress, TaskScope } from './progress/index.js';
export type { AnnouncedUpload, ResumableUpload } from './resumable/index.js';
export {
  type StoredFile,
  type Task,
  type TaskEvent,
  type TaskFilter,
  type TaskState,
  taskStates,
} from './task/index.js';
export type {
  TakenTask,
  TakeTasks,
  TaskFile,
  TaskPage,
  TaskQuery,
  Tasks,
  Upload,
  Uploaded,
} from './tasks-api.js';
export type { WorkRules } from './work.js';
export { photoWorker } from './worker/service.js';
