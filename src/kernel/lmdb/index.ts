export { copyStore, hasStore } from './copy-store.js';
export {
  causeOf,
  Environment,
  type EnvironmentOptions,
  syncFolder,
  type WriteStep,
} from './environment.js';
export { assertNotHeldHere, type FolderLock, lockFolder } from './folder-lock.js';
export { hasFormat, type Root, type StoreFormat, type TextTable, textTable } from './format.js';
export { GroupCommits, type GroupCommitsOptions } from './group-commits.js';
export { GroupWriter } from './group-writer.js';
export { assertOpenable } from './lmdb-file.js';
export { storageError } from './storage-error.js';
