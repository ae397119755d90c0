import { createHash } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { StarlingError } from '../../kernel/errors/index.js';
import { checkFilter } from '../../systems/tasks/filters/index.js';
import type { Progress } from '../../systems/tasks/index.js';
import type { ApiClient } from '../client/api-client.js';
import { pause } from '../client/pause.js';
import { serverSentEvents } from '../client/server-sent-events.js';
import { interruptible } from '../interrupt.js';
import { type Bar, openBar, uploadedText } from '../output/upload-bar.js';
import type { Session } from '../session.js';
import { foundFiles } from './found-files.js';
import { type Failure, knownTasks, type Sent, sendAll } from './send-files.js';

/** What `starling upload` was given. */
export interface UploadOptions {
  readonly filter: string;
  readonly param?: readonly string[];
  readonly batch?: string;
  readonly wait?: boolean;
}

/** How often a gateway that does not answer is tried again, after 0.5 s, doubled with each. */
const mostTries = 5;

/** `starling upload`: sends what the gateway does not have yet, and where it is to, follows it to its end. */
export async function upload(
  session: Session,
  paths: readonly string[],
  options: UploadOptions,
): Promise<void> {
  const { terminal, json } = session;
  const files = await foundFiles(paths);
  const given = parametersOf(options.param ?? []);
  // before the first of many files, each of which would be refused for it
  checkFilter(options.filter, given);
  const parameters = JSON.stringify(given);
  const batch = options.batch ?? defaultBatch(paths, options.filter, parameters);
  const client = session.client();
  const bar: Bar = json ? { show() {}, close() {} } : openBar(terminal);
  const fields = { filter: options.filter, parameters, batch };
  if (!json) terminal.note(`Batch ${batch}. Where this breaks off, the same command goes on with it.`);
  await interruptible(async (signal) => {
    let sent: Sent;
    let progress: Progress | undefined;
    try {
      sent = await sendAll(client, files, fields, bar, signal);
      if (options.wait ?? terminal.live) progress = await followBatch(client, batch, bar, signal);
    } catch (thrown) {
      bar.close();
      if (signal.aborted && !json)
        terminal.note('What was sent is kept: the same command goes on where this one was ended.');
      throw thrown;
    }
    bar.close();
    const failedTasks = progress === undefined ? [] : await failuresOf(client, batch, signal);
    const failed = [...sent.failures, ...failedTasks];
    const { uploaded, known } = sent;
    const outcome = { batch, uploaded, known, failed, ...(progress === undefined ? {} : { progress }) };
    session.show(outcome, (shown) => outcomePage(shown));
    const [first] = failed;
    if (first !== undefined) process.exitCode = StarlingError.fromRecord(first.error).exitStatus;
  });
}

/** Follows a batch until all of it has ended. */
async function followBatch(
  client: ApiClient,
  batch: string,
  bar: Bar,
  signal: AbortSignal,
): Promise<Progress> {
  for (let tries = 1; ; tries += 1) {
    try {
      const headers = { accept: 'text/event-stream' };
      const { body } = await client.call('/tasks/progress/events', { query: { batch }, headers, signal });
      for await (const { data } of body === null ? [] : serverSentEvents(body)) {
        tries = 1;
        const progress = JSON.parse(data) as Progress;
        const { ended: done, total, rate, secondsLeft, counts } = progress;
        bar.show({ what: 'processing', done, total, failed: counts.failed, rate, secondsLeft });
        if (done === total) return progress;
      }
    } catch (thrown) {
      const { code } = StarlingError.from(thrown, 'gateway-unreachable');
      if (signal.aborted || !['gateway-unreachable', 'shutting-down'].includes(code) || tries >= mostTries)
        throw thrown;
    }
    await pause(500 * 2 ** (tries - 1), signal);
  }
}

async function failuresOf(client: ApiClient, batch: string, signal: AbortSignal): Promise<Failure[]> {
  const tasks = [...(await knownTasks(client, batch, signal)).values()];
  return tasks.flatMap(({ name, state, error }) =>
    state === 'failed' && error !== undefined ? [{ name, error }] : [],
  );
}

interface Outcome {
  readonly batch: string;
  readonly uploaded: number;
  readonly known: number;
  readonly failed: readonly Failure[];
  readonly progress?: Progress;
}

function outcomePage({ batch, uploaded, known, failed, progress }: Outcome): string {
  const lines = [uploadedText(uploaded, known, failed.length)];
  if (progress !== undefined) lines.push(`${progress.counts.done} of ${progress.total} are done.`);
  for (const { name, error } of failed.slice(0, 20)) lines.push(`  ${name}: ${error.message}`);
  if (failed.length > 20)
    lines.push(`  … and ${failed.length - 20} more: starling tasks list --state failed --batch ${batch}`);
  if (uploaded + known > 0)
    lines.push(`Fetch the results: starling tasks download --batch ${batch} --out results`);
  return lines.join('\n');
}

/** `size=20` as `{ "size": 20 }`; what is no JSON is a text. Throws `input-invalid`. */
export function parametersOf(words: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, value = ''] = /^([A-Za-z]\w*)=(.*)$/s.exec(word) ?? [];
      if (name === undefined)
        throw new StarlingError(
          'input-invalid',
          `--param takes NAME=VALUE, as in size=20; "${word}" is not that.`,
        );
      const scalar = /^(-?\d+(\.\d+)?|true|false)$/.test(value);
      return [name, scalar ? JSON.parse(value) : value];
    }),
  );
}

/** The same for the same person, place and work, so that an upload that broke off is found again. */
export function defaultBatch(paths: readonly string[], filter: string, parameters: string): string {
  const what = [
    userInfo().username,
    hostname(),
    paths.map((path) => resolve(path)).sort(),
    filter,
    parameters,
  ];
  return `up-${createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 12)}`;
}
