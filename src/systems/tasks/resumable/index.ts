export type { AnnouncedUpload, Resumable, ResumableUpload, UploadQuery } from './resumable.js';
export { ResumableUploads } from './resumable-uploads.js';
