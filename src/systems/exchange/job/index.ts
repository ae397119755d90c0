export { answeredBy } from './answered-by.js';
export { applyJob, type JobStep } from './apply-job.js';
export type { Situation } from './compose-again.js';
export { historyLimit, type Job, type JobCommand, type JobEvent } from './job.js';
export { jobId } from './job-id.js';
export { type Ground, groundOf, JobIndex } from './job-index.js';
export { defaultJobHours, jobLifeMs } from './life.js';
export { type RecheckInput, recheckJob } from './recheck.js';
export { lostGround, nextTurn, type Recomposed, recomposeJob } from './recompose.js';
