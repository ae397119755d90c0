import { StarlingError } from '../../kernel/errors/index.js';
import type { Job } from '../../systems/exchange/job/index.js';
import { apiPath } from '../client/api-client.js';
import type { PageView } from '../client/views.js';
import type { PageChoice } from '../commands/page-options.js';
import { type JobWithRequests, jobPage, jobsPage } from '../output/job-page.js';
import type { Session } from '../session.js';
import { nextPageLine, pageQuery } from './page-query.js';

/** `starling jobs list`. */
export async function listJobs(session: Session, choice: PageChoice): Promise<void> {
  const query = pageQuery(choice);
  const page = await session.client().json<PageView<Job>>('/jobs', { query });
  session.show(page, ({ items, next }) => {
    return jobsPage(items, session.terminal) + nextPageLine('jobs', choice, next);
  });
}

/** `starling jobs show`. */
export async function showJob(session: Session, id: string): Promise<void> {
  const job = await session.client().json<JobWithRequests>(apiPath('jobs', id));
  session.show(job, (shown) => jobPage(shown, session.terminal));
}

/** `starling jobs revoke`. Throws `input-invalid` for an empty cause. */
export async function revokeJob(session: Session, id: string, cause: string): Promise<void> {
  if (cause.trim() === '') {
    throw new StarlingError('input-invalid', 'The cause is empty. Say why the job ends, with --cause.');
  }
  const options = { method: 'DELETE', query: { cause } } as const;
  const job = await session.client().json<Job>(apiPath('jobs', id), options);
  session.show(job, (shown) => `Job ${shown.id} is revoked: ${shown.ended?.because ?? cause}`);
}
