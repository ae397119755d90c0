import type { RequestView } from '../client/views.js';
import type { PageOptions } from './explanation-page.js';
import { amountText, durationText, timeText } from './figures.js';
import { plain, type Tone } from './paint.js';
import { type TableCell, table } from './table.js';

const tones: Readonly<Record<RequestView['state'], Tone>> = {
  answered: 'good',
  refused: 'bad',
  failed: 'bad',
  cancelled: 'doubtful',
  running: 'aside',
};

/** A list of requests as a table. */
export function requestsPage(requests: readonly RequestView[], options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  if (requests.length === 0) return 'There are no requests. `starling ask` makes one.';
  const rows = requests.map((view): TableCell[] => [
    view.id,
    paint(tones[view.state], view.state),
    view.user.id,
    timeText(view.askedAt),
    view.tookMs === undefined ? '-' : durationText(view.tookMs),
    view.job ?? '-',
    outcome(view),
  ]);
  return table(['request', 'state', 'user', 'asked', 'took', 'job', 'outcome'], rows, { paint, width });
}

function outcome({ error, results, refused, absent, archetype }: RequestView): string {
  if (error !== undefined) return error.code;
  const parts = [
    ...(archetype === undefined ? [] : [archetype]),
    ...(results.length === 0 ? [] : [amountText(results.length, 'result')]),
    ...(refused.length === 0 ? [] : [`${refused.map(({ provider }) => provider).join(', ')} refused`]),
    ...(absent.length === 0 ? [] : [`${absent.join(', ')} absent`]),
  ];
  return parts.join(', ') || '-';
}
