import { type ErrorRecord, StarlingError } from '../../kernel/errors/index.js';
import type { DryRun } from '../../systems/exchange/ask/request-record.js';
import type { DataSetOffer } from '../../systems/exchange/exchange-api.js';
import type { Job } from '../../systems/exchange/job/index.js';
import { type ApiClient, apiPath } from '../client/api-client.js';
import { followRequest } from '../client/follow-request.js';
import { pause } from '../client/pause.js';
import type { PageView, RequestView } from '../client/views.js';
import { graphFile, writeGraph } from '../graphs/graph-file.js';
import { interruptible } from '../interrupt.js';
import { answerPage } from '../output/answer-page.js';
import { dryRunPage } from '../output/dry-run-page.js';
import { explainHint } from '../output/error-text.js';
import { openProgress, type ProgressView } from '../output/progress.js';
import type { Session } from '../session.js';
import { withRows } from './answer-rows.js';
import {
  type AskedBody,
  type Asker,
  type AskOptions,
  meansDefaultAlgorithm,
  requestBodyOf,
} from './ask-options.js';
import { readInput } from './read-input.js';
import { answerFile, savedText, writeAnswer } from './save-answer.js';

/** `starling ask`: posts the question, follows it to its end, and prints the answer. */
export async function ask(session: Session, options: AskOptions): Promise<void> {
  const target = options.output === undefined ? undefined : answerFile(options.output, options.result);
  const drawing = options.graph === undefined ? undefined : graphFile(options.graph);
  const client = session.client();
  const body = await bodyOf(session, client, options);
  if (options.dryRun === true) return dryRun(session, client, body);
  await interruptible(async (signal) => {
    const view = await askAndFollow(session, client, body, options.job, signal);
    const { terminal, json } = session;
    if (target !== undefined && view.state === 'answered') {
      const bytes = await writeAnswer(client, view.id, target, signal);
      if (!json) terminal.note(savedText(target.file, bytes));
    }
    if (drawing !== undefined && view.state === 'answered') {
      const bytes = await writeGraph(view, drawing);
      if (!json) terminal.note(savedText(drawing.file, bytes));
    }
    if (view.error !== undefined) throw endedError(view.id, view.error);
    const { paint } = terminal;
    const complete = target === undefined ? await withRows(client, view, signal) : view;
    session.show(complete, (shown) => `${answerPage(shown, { paint })}\n${explainHint(shown.id, paint)}`);
  });
}

async function bodyOf(session: Session, client: ApiClient, options: AskOptions): Promise<AskedBody> {
  const asker: Asker = { environmentUser: session.env.STARLING_USER, signedIn: session.signedIn };
  const byDefault = meansDefaultAlgorithm(options);
  // what is wrong in the options is told before anything is asked or read; any algorithm stands in for the default one
  requestBodyOf(byDefault ? { ...options, algorithm: 'count' } : options, options.query, asker);
  const named = byDefault ? { ...options, ...(await defaultAlgorithm(client, options)) } : options;
  const body = requestBodyOf(named, options.query, asker);
  if (options.queryFile === undefined) return body;
  return requestBodyOf(named, await readInput(options.queryFile), asker);
}

/** The algorithm that the data set of the question has by default; none where it is not clear which data set is meant. */
async function defaultAlgorithm(
  client: ApiClient,
  { job, dataSet }: AskOptions,
): Promise<Pick<AskOptions, 'algorithm'>> {
  const name =
    job === undefined ? dataSet : (await client.json<Job>(apiPath('jobs', job))).composition.dataSet;
  const { items } = await client.json<PageView<DataSetOffer>>('/data-sets');
  const [offer, ...others] = items.filter((one) => name === undefined || one.name === name);
  const algorithm = others.length === 0 ? offer?.defaults.algorithm : undefined;
  return algorithm === undefined ? {} : { algorithm };
}

async function dryRun(session: Session, client: ApiClient, body: AskedBody): Promise<void> {
  const query = { dryRun: 'true' };
  const outcome = await client.json<DryRun>('/requests', { method: 'POST', query, body });
  session.show(outcome, (shown) => dryRunPage(shown, session.terminal));
  if (outcome.error !== undefined) process.exitCode = StarlingError.fromRecord(outcome.error).exitStatus;
}

async function askAndFollow(
  session: Session,
  client: ApiClient,
  body: AskedBody,
  job: string | undefined,
  signal: AbortSignal,
): Promise<RequestView> {
  const path = job === undefined ? '/requests' : `${apiPath('jobs', job)}/requests`;
  const headers = { prefer: 'respond-async' };
  // not to be broken off: a request that is taken must be known, so that it can be cancelled
  const { id } = await client.json<{ id: string }>(path, { method: 'POST', body, headers });
  const progress: ProgressView = session.json ? silent : openProgress(session.terminal);
  try {
    return await followRequest<RequestView>(client, id, { onEvent: progress.show, signal, pause });
  } catch (thrown) {
    progress.close();
    if (signal.aborted) await cancel(session, client, id);
    throw thrown;
  } finally {
    progress.close();
  }
}

const silent: ProgressView = { show() {}, close() {} };

/** Cancels the request that Ctrl-C leaves behind; where that fails, says so, since it may still run. */
async function cancel({ terminal, json }: Session, client: ApiClient, id: string): Promise<void> {
  try {
    await client.call(apiPath('requests', id), { method: 'DELETE' });
    if (!json) terminal.note(`Request ${id} is cancelled.`);
  } catch (thrown) {
    const { message } = StarlingError.from(thrown);
    terminal.note(`Request ${id} could not be cancelled and may still run: ${message}`);
  }
}

/** Why a request was refused or failed as a whole, with its id, so that it can be explained. */
function endedError(request: string, { code, message, details }: ErrorRecord): StarlingError {
  return StarlingError.fromRecord({ code, message, details: { ...details, request } });
}
