export { applyJob, type JobStep } from './apply-job.js';
export { historyLimit, type Job, type JobCommand, type JobEvent } from './job.js';
export { jobId } from './job-id.js';
export { defaultJobHours, jobLifeMs } from './life.js';
export { type RecheckInput, recheckJob } from './recheck.js';
