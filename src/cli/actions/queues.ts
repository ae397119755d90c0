import type { QueueStats } from '../../kernel/queue/index.js';
import { apiPath } from '../client/api-client.js';
import { timeText } from '../output/figures.js';
import { table } from '../output/table.js';
import { queuesPage } from '../output/tasks-page.js';
import type { Session } from '../session.js';

/** `starling queues list`. */
export async function listQueues(session: Session): Promise<void> {
  const page = await session.client().json<{ items: readonly QueueStats[] }>('/queues');
  session.show(page, ({ items }) => queuesPage(items, session.terminal));
}

/** `starling queues pause` and `resume`. */
export async function switchQueue(session: Session, name: string, verb: 'pause' | 'resume'): Promise<void> {
  const queue = await session
    .client()
    .json<QueueStats>(`${apiPath('queues', name)}/${verb}`, { method: 'POST' });
  session.show(queue, (shown) =>
    shown.paused ? `${shown.name} is paused: what comes in waits.` : `${shown.name} goes on.`,
  );
}

interface Letter {
  readonly sequence: number;
  readonly diedAt: number;
  readonly reason: string;
  readonly text?: string;
}

/** `starling queues dead`. */
export async function listDeadLetters(session: Session, name: string): Promise<void> {
  const path = `${apiPath('queues', name)}/dead-letters`;
  const page = await session.client().json<{ items: readonly Letter[]; next?: number }>(path);
  session.show(page, ({ items }) => {
    if (items.length === 0) return `${name} has no dead letters.`;
    const rows = items.map(({ sequence, diedAt, text = '', reason }) => [
      String(sequence),
      timeText(diedAt),
      text.slice(0, 40),
      reason,
    ]);
    return table(['message', 'died', 'text', 'reason'], rows, session.terminal);
  });
}
