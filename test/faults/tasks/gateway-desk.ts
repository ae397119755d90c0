import { setTimeout as wait } from 'node:timers/promises';
import type { QueueStats } from '../../../src/kernel/queue/index.js';
import type { Progress } from '../../../src/systems/tasks/index.js';
import type { Ending } from '../../lab/tally.js';
import { type Caller, endingOf } from '../caller.js';
import { answered } from '../lab-run.js';
import type { SeenTask } from './history.js';
import { type MadeFile, sha256 } from './made-files.js';

/** How long an answer to an upload is waited for, and before one who lost its connection makes another, in milliseconds. */
const [patienceMs, againMs] = [10_000, 200];

interface HttpAnswer<Body> {
  readonly status: number;
  readonly body: Body;
}

interface UploadAnswer {
  readonly files?: readonly { readonly task?: string }[];
  readonly code?: string;
  readonly details?: { readonly outcome?: string };
}

/** What became of one upload; `surprise` where the gateway answered what it must not. */
export interface UploadOutcome {
  readonly at: number;
  readonly ending: Ending;
  readonly task?: string;
  readonly surprise?: string;
}

/** Codes that say that a file may be sent again, and that nothing was done now. */
const refusals = ['revision-conflict', 'shutting-down', 'storage-unavailable', 'queue-full'];

/** Uploads one file, once. */
export async function uploadOnce(
  desk: Pick<Caller, 'ask'>,
  { name, bytes, filter }: MadeFile,
): Promise<UploadOutcome> {
  const args = { name, filter: filter.name, base64: Buffer.from(bytes).toString('base64') };
  const outcome = await desk.ask<HttpAnswer<UploadAnswer>>('upload', args, patienceMs);
  const { at } = outcome;
  if (!('result' in outcome)) return { at, ending: endingOf(outcome) };
  const { status, body } = outcome.result;
  const task = body.files?.[0]?.task;
  if (status === 201 && task !== undefined) return { at, ending: 'acknowledged', task };
  const { code = 'none', details } = body;
  if (!refusals.includes(code))
    return { at, ending: 'unknown', surprise: `${name} was answered ${status}: ${JSON.stringify(body)}` };
  return { at, ending: details?.outcome === 'unknown' ? 'unknown' : 'refused' };
}

/** Tells how many tasks have ended as that changes, also after the connection was lost, until `isOver`. */
export async function followEnded(
  desk: Caller,
  isOver: () => boolean,
  onEnded: (ended: number) => void,
): Promise<void> {
  while (!isOver()) {
    await desk.follow<Progress>('progress', {}, ({ ended }) => onEnded(ended));
    await wait(againMs);
  }
}

/** All tasks, or those in a state, page by page. */
export async function listTasks(desk: Caller, state?: 'done' | 'failed'): Promise<SeenTask[]> {
  const tasks: SeenTask[] = [];
  for (let after = ''; ; ) {
    const only = state === undefined ? '' : `&state=${state}`;
    const path = `/tasks?limit=1000${only}${after}`;
    const { items, next } = await read<{ items: SeenTask[]; next?: string }>(desk, path);
    tasks.push(...items.map(({ id, name, ...task }) => ({ id, name, ...seenOf(task) })));
    if (next === undefined) return tasks;
    after = `&after=${next}`;
  }
}

export function readProgress(desk: Caller): Promise<Progress> {
  return read(desk, '/tasks/progress');
}

export function readQueue(desk: Caller): Promise<QueueStats> {
  return read(desk, '/queues/tasks');
}

/** SHA-256 of a result as it is downloaded. */
export async function downloadHash(desk: Caller, task: string): Promise<string> {
  const args = { path: `/tasks/${task}/result` };
  const { status, base64 } = await answered<{ status: number; base64: string }>(desk, 'download', args);
  return status === 200 ? sha256(Buffer.from(base64, 'base64')) : `status ${status}`;
}

/** Reads until there is an answer that is none of a gateway that stops, or of an engine that is away. */
async function read<Body>(desk: Caller, path: string): Promise<Body> {
  for (;;) {
    const { status, body } = await answered<HttpAnswer<Body>>(desk, 'http', { path });
    if (status === 200) return body;
    if (status !== 503) throw new Error(`${path} was answered with ${status}: ${JSON.stringify(body)}`);
    await wait(againMs);
  }
}

/** What is judged of a task: thousands of them are held. */
function seenOf({
  state,
  original,
  result,
  error,
}: Omit<SeenTask, 'id' | 'name'>): Omit<SeenTask, 'id' | 'name'> {
  return {
    state,
    ...(original === undefined ? {} : { original: { hash: original.hash } }),
    ...(result === undefined ? {} : { result: { hash: result.hash } }),
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
  };
}
