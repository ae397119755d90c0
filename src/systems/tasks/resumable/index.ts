export type { AnnouncedUpload, Resumable, ResumableUpload } from './resumable.js';
export { ResumableUploads } from './resumable-uploads.js';
