import { StarlingError } from '../../kernel/errors/index.js';
import { apiPath } from '../client/api-client.js';
import type { PageView, RequestView } from '../client/views.js';
import type { PageChoice } from '../commands/page-options.js';
import { graphFile, writeGraph } from '../graphs/graph-file.js';
import { answerPage } from '../output/answer-page.js';
import { explainHint } from '../output/error-text.js';
import { requestsPage } from '../output/requests-page.js';
import type { Session } from '../session.js';
import { withRows } from './answer-rows.js';
import { nextPageLine, pageQuery } from './page-query.js';
import { savedText } from './save-answer.js';

/** `starling requests list`. */
export async function listRequests(session: Session, choice: PageChoice): Promise<void> {
  const query = pageQuery(choice);
  const page = await session.client().json<PageView<RequestView>>('/requests', { query });
  session.show(page, ({ items, next }) => {
    return requestsPage(items, session.terminal) + nextPageLine('requests', choice, next);
  });
}

/** `starling requests show`: throws what the request ended with, where it has no answer. */
export async function showRequest(session: Session, id: string): Promise<void> {
  const client = session.client();
  const view = await withRows(client, await client.json<RequestView>(apiPath('requests', id)));
  const { paint } = session.terminal;
  session.show(view, (shown) => `${answerPage(shown, { paint })}\n${explainHint(shown.id, paint)}`);
  if (view.error !== undefined && !session.json) throw StarlingError.fromRecord(view.error);
}

/** `starling requests graph`: draws the graph of an answer that is kept. */
export async function drawRequest(session: Session, id: string, file: string): Promise<void> {
  const target = graphFile(file);
  const view = await session.client().json<RequestView>(apiPath('requests', id));
  const bytes = await writeGraph(view, target);
  session.show({ request: id, file, bytes }, () => savedText(file, bytes));
}

/** `starling requests erase`: the answer goes at once, and the record stays. */
export async function eraseAnswer(session: Session, id: string): Promise<void> {
  const path = `${apiPath('requests', id)}/answer`;
  const view = await session.client().json<RequestView>(path, { method: 'DELETE' });
  session.show(view, (shown) =>
    shown.erasedAt === undefined
      ? `Request ${shown.id} has no answer that is kept.`
      : `The answer of request ${shown.id} is erased.`,
  );
}

/** `starling requests cancel`. */
export async function cancelRequest(session: Session, id: string): Promise<void> {
  const path = apiPath('requests', id);
  const view = await session.client().json<RequestView>(path, { method: 'DELETE' });
  session.show(view, (shown) =>
    shown.state === 'cancelled'
      ? `Request ${shown.id} is cancelled.`
      : `Request ${shown.id} had ended already: it was ${shown.state}.`,
  );
}
