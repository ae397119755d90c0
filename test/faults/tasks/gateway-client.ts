import type { QueueStats } from '../../../src/kernel/queue/index.js';
import type { Progress } from '../../../src/systems/tasks/index.js';
import type { Daemon } from './daemon.js';
import type { SeenTask } from './history.js';
import { sha256 } from './made-files.js';

/** An answer whose status says that the caller asked for something that cannot be. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(`The gateway answered ${status}: ${text}`);
    this.status = status;
  }
}

/** Asks until there is an answer: where the daemon is killed in the middle, the next one is asked. Throws `Refused`. */
export async function ask(
  daemon: Daemon,
  path: string,
  init: () => RequestInit = () => ({}),
): Promise<Buffer> {
  for (;;) {
    await daemon.up();
    let response: Response;
    let body: Buffer;
    try {
      response = await fetch(`${daemon.url}/api/v1${path}`, init());
      body = Buffer.from(await response.arrayBuffer());
    } catch (thrown) {
      if (!(thrown instanceof TypeError)) throw thrown;
      continue;
    }
    if (response.ok) return body;
    // it is being restarted, and the next one is asked
    if (response.status === 503 && body.includes('shutting-down')) continue;
    throw new Refused(response.status, body.toString());
  }
}

async function askJson<Answer>(daemon: Daemon, path: string): Promise<Answer> {
  return JSON.parse((await ask(daemon, path)).toString()) as Answer;
}

/** All tasks, page by page. */
export async function listTasks(daemon: Daemon, state?: 'done' | 'failed'): Promise<SeenTask[]> {
  const tasks: SeenTask[] = [];
  let after = '';
  for (;;) {
    const only = state === undefined ? '' : `&state=${state}`;
    const path = `/tasks?limit=1000${only}${after}`;
    const { items, next } = await askJson<{ items: SeenTask[]; next?: string }>(daemon, path);
    tasks.push(...items);
    if (next === undefined) return tasks;
    after = `&after=${next}`;
  }
}

export function readProgress(daemon: Daemon): Promise<Progress> {
  return askJson(daemon, '/tasks/progress');
}

export function readQueue(daemon: Daemon): Promise<QueueStats> {
  return askJson(daemon, '/queues/tasks');
}

/** SHA-256 of a result as it is downloaded. */
export async function downloadHash(daemon: Daemon, task: string): Promise<string> {
  return sha256(await ask(daemon, `/tasks/${task}/result`));
}

/** Tells of the progress as it changes, across restarts of the daemon, until `signal`. */
export async function followProgress(
  daemon: Daemon,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  while (!signal.aborted) {
    await daemon.up();
    try {
      const response = await fetch(`${daemon.url}/api/v1/tasks/progress/events`, { signal });
      if (response.body === null) throw new Error('The progress has no body.');
      let text = '';
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        const lines = (text + chunk).split('\n');
        text = lines.pop() ?? '';
        for (const line of lines)
          if (line.startsWith('data: ')) onProgress(JSON.parse(line.slice('data: '.length)) as Progress);
      }
    } catch (thrown) {
      // the daemon was killed, or nobody wants to know any more
      if (!signal.aborted && !(thrown instanceof TypeError)) throw thrown;
    }
  }
}
