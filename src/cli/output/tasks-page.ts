import type { QueueStats } from '../../kernel/queue/index.js';
import type { Task } from '../../systems/tasks/index.js';
import type { PageOptions } from './explanation-page.js';
import { bytesText, durationText, timeText } from './figures.js';
import { plain, type Tone } from './paint.js';
import { type TableCell, table } from './table.js';

const tones: Readonly<Record<Task['state'], Tone>> = {
  uploading: 'aside',
  queued: 'aside',
  leased: 'doubtful',
  done: 'good',
  failed: 'bad',
  cancelled: 'doubtful',
};

/** Tasks as a table. */
export function tasksPage(tasks: readonly Task[], options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  if (tasks.length === 0) return 'There are no such tasks. `starling upload` makes some.';
  const rows = tasks.map(({ id, state, filter, name, batch, error }): TableCell[] => [
    id,
    paint(tones[state], state),
    filter.name,
    batch,
    name,
    error?.message ?? '',
  ]);
  return table(['task', 'state', 'filter', 'batch', 'file', ''], rows, { paint, width });
}

/** One task with its history. */
export function taskPage(
  { id, state, name, batch, filter, original, result, error, history }: Task,
  options: PageOptions = {},
): string {
  const { paint = plain, width = 110 } = options;
  const size = (bytes: number | undefined) => (bytes === undefined ? '-' : bytesText(bytes));
  const facts: TableCell[][] = [
    ['task', id],
    ['state', paint(tones[state], state)],
    ['file', `${name} (${size(original?.bytes)})`],
    ['batch', batch],
    ['filter', `${filter.name} ${JSON.stringify(filter.parameters)}`],
    ['result', size(result?.bytes)],
    ...(error === undefined ? [] : [['error', `${error.message} (${error.code})`]]),
  ];
  const events = history.map((event): TableCell[] => [timeText(event.at), event.state, event.cause]);
  return `${table(['', ''], facts, { width })}\n\n${table(['time', 'state', 'cause'], events, { paint, width })}`;
}

/** Queues as a table. */
export function queuesPage(queues: readonly QueueStats[], options: PageOptions = {}): string {
  const { paint = plain, width = 110 } = options;
  if (queues.length === 0) return 'There are no queues.';
  const rows = queues.map((queue): TableCell[] => [
    queue.name,
    queue.ready,
    queue.leased,
    queue.delayed,
    queue.dead,
    `${Math.round(queue.fill * 100)} %`,
    durationText(queue.oldestAgeMs),
    queue.paused ? paint('doubtful', 'paused') : '',
  ]);
  return table(['queue', 'ready', 'leased', 'delayed', 'dead', 'fill', 'oldest', ''], rows, { paint, width });
}
