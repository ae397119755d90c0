import type { Job } from '../../systems/exchange/job/index.js';
import type { PageOptions } from './explanation-page.js';
import { amountText, timeText } from './figures.js';
import { plain, type Tone } from './paint.js';
import { partsText } from './parts-text.js';
import { type TableCell, table } from './table.js';

const tones: Readonly<Record<Job['state'], Tone>> = { live: 'good', expired: 'doubtful', revoked: 'bad' };

/** A list of jobs as a table. */
export function jobsPage(jobs: readonly Job[], options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  if (jobs.length === 0) return 'There are no jobs. `starling ask` makes one where the agreements allow it.';
  const rows = jobs.map((job): TableCell[] => [
    job.id,
    paint(tones[job.state], job.state),
    job.user.id,
    job.composition.dataSet,
    job.composition.parts.map(({ archetype }) => archetype).join(', '),
    job.questionsAsked,
    timeText(job.ended?.at ?? job.expiresAt),
  ]);
  const headings = ['job', 'state', 'user', 'data set', 'archetype', 'questions', 'ends'];
  return table(headings, rows, { paint, width });
}

/** A job with the ids of its requests, newest first. */
export interface JobWithRequests extends Job {
  readonly requests?: readonly string[];
}

/** One job as a page: its chains, notes, requests and history. */
export function jobPage(job: JobWithRequests, options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  const { composition, ended, requests = [] } = job;
  const state = paint(tones[job.state], job.state);
  const until =
    ended === undefined
      ? `until ${timeText(job.expiresAt)}`
      : `since ${timeText(ended.at)}: ${ended.because}`;
  const asked = amountText(job.questionsAsked, 'question');
  const chains = composition.chains.map(({ party, steps, releases, output }): TableCell[] => [
    party,
    steps.map(({ step, mode }) => (mode === 'whole' ? step : `${step} (${mode})`)).join(' → '),
    releases,
    output.form === 'aggregates'
      ? `groups of at least ${amountText(output.minimumGroupSize, 'person')}`
      : 'rows',
  ]);
  const history = job.history.map(({ at: time, type, cause }): TableCell[] => [timeText(time), type, cause]);
  const parts = [
    `${paint('heading', `Job ${job.id}`)}: ${state} ${until}\n${asked} of ${job.user.id} since ${timeText(job.createdAt)}.`,
    `${paint('heading', 'Chains')}\n  ${composition.requestType} over ${composition.dataSet} as ${partsText(composition.parts, plain)}\n${table(['party', 'steps', 'releases', 'of'], chains, { indent: 2, paint, width })}`,
    ...(composition.notes.length === 0
      ? []
      : [`${paint('heading', 'Notes')}\n${composition.notes.map((note) => `  - ${note}`).join('\n')}`]),
    ...(requests.length === 0 ? [] : [`${paint('heading', 'Requests')}\n  ${requests.join('\n  ')}`]),
    `${paint('heading', 'History')}\n${table(['', '', ''], history, { indent: 2, width })}`,
  ];
  return parts.join('\n\n');
}
