import type { AnswerTable } from '../../systems/exchange/steps/index.js';
import { type ApiClient, apiPath, type CallOptions } from '../client/api-client.js';
import type { RequestView, ResultView } from '../client/views.js';

/** Rows beyond this are not read only to be shown in part. */
const mostRead = 1_000;

/** The request with released rows read into its results, where they are few; they are kept apart from the figures. */
export async function withRows(
  client: ApiClient,
  view: RequestView,
  signal?: CallOptions['signal'],
): Promise<RequestView> {
  const results: ResultView[] = [];
  for (const [position, result] of view.results.entries()) {
    const { rows } = result;
    if (typeof rows !== 'number' || rows > mostRead) results.push(result);
    else results.push({ ...result, rows: await readRows(client, view.id, position, signal) });
  }
  return { ...view, results };
}

async function readRows(
  client: ApiClient,
  id: string,
  position: number,
  signal: CallOptions['signal'],
): Promise<AnswerTable['rows']> {
  const query = { format: 'json', result: position };
  const answer = await client.json<{ results: readonly { rows: AnswerTable['rows'] }[] }>(
    `${apiPath('requests', id)}/result`,
    { query, signal },
  );
  return answer.results[0]?.rows ?? [];
}
