import type { Explanation } from '../../systems/exchange/explain/explanation.js';
import { apiPath } from '../client/api-client.js';
import { explanationPage } from '../output/explanation-page.js';
import type { Session } from '../session.js';

/** `starling explain`: the explanation of a request, or of a job's newest one. */
export async function explain(session: Session, id: string): Promise<void> {
  const noun = id.startsWith('r-') ? 'requests' : 'jobs';
  const explanation = await session.client().json<Explanation>(`${apiPath(noun, id)}/explanation`);
  session.show(explanation, (shown) => explanationPage(shown, session.terminal));
}
