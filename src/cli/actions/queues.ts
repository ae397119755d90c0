import { type ErrorRecord, StarlingError } from '../../kernel/errors/index.js';
import type { QueueStats } from '../../kernel/queue/index.js';
import { allItems } from '../client/all-items.js';
import { type ApiClient, apiPath } from '../client/api-client.js';
import type { PageChoice } from '../commands/page-options.js';
import { amountText, timeText } from '../output/figures.js';
import { table } from '../output/table.js';
import { queuesPage } from '../output/tasks-page.js';
import type { Session } from '../session.js';
import { pageQuery } from './page-query.js';

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
export async function listDeadLetters(session: Session, name: string, choice: PageChoice): Promise<void> {
  const page = await session.client().json<LetterPage>(lettersPath(name), { query: pageQuery(choice) });
  session.show(page, ({ items, next }) => {
    if (items.length === 0) return `${name} has no dead letters.`;
    const rows = items.map(({ sequence, diedAt, text = '', reason }) => [
      String(sequence),
      timeText(diedAt),
      text.slice(0, 40),
      reason,
    ]);
    const more = next === undefined ? '' : `\n\nThere are more: starling queues dead ${name} --after ${next}`;
    return `${table(['message', 'died', 'text', 'reason'], rows, session.terminal)}${more}`;
  });
}

/** What is done to dead letters, and how that is told. */
const deeds = {
  retry: { method: 'POST', path: '/retry', done: 'Delivered again' },
  forget: { method: 'DELETE', path: '', done: 'Forgotten' },
} as const;

/**
 * `starling queues retry` and `forget`: some dead letters, or all that are there now. One that cannot be had stops no
 * other; the exit status is that of the first. Throws `input-invalid` where it is not said which.
 */
export async function settleDeadLetters(
  session: Session,
  name: string,
  verb: keyof typeof deeds,
  named: readonly string[],
  all: boolean,
): Promise<void> {
  const wrong = named.find((word) => !/^[1-9]\d{0,14}$/.test(word));
  if (wrong !== undefined)
    throw new StarlingError(
      'input-invalid',
      `A message is named by its number, as in 7; "${wrong}" is none.`,
    );
  if ((named.length === 0) !== all)
    throw new StarlingError(
      'input-invalid',
      'Name messages by their numbers, or --all for all dead letters.',
    );
  const client = session.client();
  const { method, path, done } = deeds[verb];
  const sequences = all ? await allSequences(client, name) : named.map(Number);
  const settled: number[] = [];
  const failed: { readonly sequence: number; readonly error: ErrorRecord }[] = [];
  for (const sequence of sequences) {
    try {
      await client.call(`${apiPath('queues', name, 'dead-letters', String(sequence))}${path}`, { method });
      settled.push(sequence);
    } catch (thrown) {
      failed.push({ sequence, error: StarlingError.from(thrown).toRecord() });
    }
  }
  session.show({ queue: name, settled, failed }, () =>
    [
      `${done}: ${amountText(settled.length, 'message')}.`,
      ...failed.map(({ sequence, error }) => `  ${sequence}: ${error.message}`),
    ].join('\n'),
  );
  const [first] = failed;
  if (first !== undefined) process.exitCode = StarlingError.fromRecord(first.error).exitStatus;
}

interface LetterPage {
  readonly items: readonly Letter[];
  readonly next?: number;
}

const lettersPath = (name: string) => `${apiPath('queues', name)}/dead-letters`;

/** Those that are dead now: what dies again meanwhile is not among them. */
async function allSequences(client: ApiClient, name: string): Promise<number[]> {
  const letters = await allItems<Letter>(client, lettersPath(name));
  return letters.map(({ sequence }) => sequence);
}
