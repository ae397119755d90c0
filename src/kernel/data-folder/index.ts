export { type BackupOptions, backUp } from './backup.js';
export { type FolderOwner, type FolderRecord, ownerText, readFolderRecord } from './folder-record.js';
export { type FolderStep, folderSteps } from './folder-steps.js';
export type { Manifest } from './manifest.js';
export { type OpenFolderOptions, openDataFolder } from './open-data-folder.js';
export { readBackup, restore } from './restore.js';
