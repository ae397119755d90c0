import type { Explanation } from '../../systems/exchange/index.js';
import { ApiClient } from '../client/api-client.js';
import type { RequestView } from '../client/views.js';
import { answerPage } from '../output/answer-page.js';
import { explanationPage } from '../output/explanation-page.js';
import type { Paint } from '../output/paint.js';

/** Asks what the example is about, over HTTP as anybody would, and prints the answer and how it was decided. */
export async function firstQuestion(url: string, paint: Paint, token?: string): Promise<void> {
  const client = new ApiClient(url, token === undefined ? {} : { token });
  process.stdout.write(
    `\n${paint('heading', 'A first question')}\n` +
      '  ada@university.example asks: what is the mean salary scale of women and men at these universities?\n\n',
  );
  const body = { user: { id: 'ada@university.example', name: 'Ada' }, dataSet: 'wageGap' };
  const view = await client.json<RequestView>('/requests', { method: 'POST', body });
  process.stdout.write(`${answerPage(view, { paint })}\n`);
  const explanation = await client.json<Explanation>(`/requests/${view.id}/explanation`);
  process.stdout.write(
    `\n${explanationPage(explanation, { paint, width: process.stdout.columns ?? 110 })}\n`,
  );
}
